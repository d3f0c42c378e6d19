import {
  CameraView,
  CustomerView,
  EnrolmentResult,
  ErrorBody,
  LIVE_MESSAGES,
  LiveEvent,
  LivePicture,
  type NewCamera,
  type NewCustomer,
  VisitCountView,
  VisitView,
} from '@regulars/contracts';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';

const Cameras = z.object({ items: z.array(CameraView) });
const Visits = z.object({ items: z.array(VisitView) });
const Customers = z.object({ items: z.array(CustomerView) });

/** The gateway's API, as any other program would use it. */
export class ApiClient {
  constructor(
    readonly address: string,
    private readonly token: string,
  ) {}

  async cameras(): Promise<readonly CameraView[]> {
    return Cameras.parse(await this.call('GET', '/v1/cameras')).items;
  }

  async addCamera(camera: z.input<typeof NewCamera>): Promise<void> {
    await this.call('POST', '/v1/cameras', camera);
  }

  async removeCamera(cameraId: string): Promise<void> {
    await this.call('DELETE', `/v1/cameras/${cameraId}`);
  }

  async customers(): Promise<readonly CustomerView[]> {
    return Customers.parse(await this.call('GET', '/v1/customers?limit=200')).items;
  }

  async addCustomer(customer: NewCustomer): Promise<CustomerView> {
    return CustomerView.parse(await this.call('POST', '/v1/customers', customer));
  }

  async eraseCustomer(customerId: string): Promise<void> {
    await this.call('DELETE', `/v1/customers/${customerId}`);
  }

  /** How many visits began between two instants, at most 31 days apart. */
  async visitCount(from: string, to: string): Promise<VisitCountView> {
    const query = new URLSearchParams({ from, to }).toString();
    return VisitCountView.parse(await this.call('GET', `/v1/visit-count?${query}`));
  }

  /** The newest visits of a customer, at most 50. */
  async visitsOf(customerId: string): Promise<readonly VisitView[]> {
    return Visits.parse(await this.call('GET', `/v1/visits?customerId=${customerId}`)).items;
  }

  async openVisitOf(customerId: string): Promise<VisitView | null> {
    const answer = await this.call('GET', `/v1/visits?open=true&customerId=${customerId}&limit=1`);
    return Visits.parse(answer).items[0] ?? null;
  }

  /** @throws Error with the code of the refusal when no photograph was accepted */
  async enrol(customerId: string, photographs: readonly Uint8Array[]): Promise<EnrolmentResult> {
    const form = new FormData();
    for (const [index, bytes] of photographs.entries())
      form.append('photographs', new Blob([new Uint8Array(bytes)]), `photograph-${index + 1}`);
    return EnrolmentResult.parse(await this.call('POST', `/v1/customers/${customerId}/photographs`, form));
  }

  /** Live events and pictures until the signal is aborted. */
  live(
    handlers: {
      onEvent?: (event: LiveEvent) => void;
      onPicture?: (picture: LivePicture, jpeg: Uint8Array) => void;
    },
    watch: readonly string[] = [],
  ): Socket {
    const socket = io(this.address, { auth: { token: this.token }, transports: ['websocket'] });
    socket.on('connect', () => socket.emit(LIVE_MESSAGES.watch, watch));
    socket.on(LIVE_MESSAGES.event, (event: unknown) => handlers.onEvent?.(LiveEvent.parse(event)));
    socket.on(LIVE_MESSAGES.picture, (picture: unknown, jpeg: Uint8Array) =>
      handlers.onPicture?.(LivePicture.parse(picture), jpeg),
    );
    return socket;
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const isForm = body instanceof FormData;
    const response = await fetch(this.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? null : JSON.parse(text);
    if (response.ok) return answer;
    const { error } = ErrorBody.parse(answer);
    throw new Error(`${error.code}: ${error.message} ${error.remedy} ${JSON.stringify(error.fields)}`);
  }
}
