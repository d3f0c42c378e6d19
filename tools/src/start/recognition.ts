import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@regulars/contracts';
import type { ApiClient } from './client.js';
import { pickFaces } from './picked-face.js';

/** Version of the consent text under which the demo's person is enrolled. */
const DEMO_CONSENT = 'demo';

async function newCustomer(api: ApiClient, displayName: string): Promise<string> {
  const consent = { textVersion: DEMO_CONSENT, givenAt: new Date().toISOString() };
  return (await api.addCustomer({ displayName, consent })).customerId;
}

/** Enrols a person from photographs on disk. */
export async function enrolFiles(api: ApiClient, name: string, paths: readonly string[]): Promise<string> {
  const customerId = await newCustomer(api, name);
  await api.enrol(customerId, await Promise.all(paths.map((path) => readFile(path))));
  return customerId;
}

export interface EnrolledFace {
  readonly customerId: string;
  readonly cameraId: string;
}

/** Enrols the first person who is clearly and alone before one of the cameras.
 *  @throws Error when the signal is aborted first */
export async function enrolFromCameras(
  api: ApiClient,
  name: string,
  cameraIds: readonly string[],
  signal: AbortSignal,
): Promise<EnrolledFace> {
  const customerId = await newCustomer(api, name);
  let refusal = 'nobody was seen';
  for await (const { cameraId, photograph } of pickFaces(api, cameraIds, signal)) {
    try {
      await api.enrol(customerId, [photograph]);
      return { customerId, cameraId };
    } catch (error) {
      refusal = messageOf(error);
    }
  }
  throw new Error(`nobody could be enrolled: ${refusal}`);
}

/** How often an open visit is asked for. */
const POLL_MS = 100;

export interface RecognisedVisit {
  readonly customerId: string;
  readonly displayName: string;
  readonly visitId: string;
  readonly cameraId: string;
}

/** Customers as they are recognised, from when this is called on: a customer who stays before a camera is told of
 *  only once, however long it takes until somebody asks. */
export class Recognitions {
  private readonly told: Omit<RecognisedVisit, 'visitId'>[] = [];
  private listener = (): void => {};
  /** Ends the listening. */
  readonly close: () => void;

  constructor(
    private readonly api: ApiClient,
    private readonly signal: AbortSignal,
  ) {
    const socket = api.live({
      onEvent: ({ payload }) => {
        if (payload.kind !== 'sighting-identified' || payload.who.kind !== 'customer') return;
        const { customerId, displayName } = payload.who;
        this.told.push({ customerId, displayName, cameraId: payload.cameraId });
        this.listener();
      },
    });
    this.close = () => void socket.disconnect();
  }

  /** Resolves with the open visit of the first customer who is recognised, on a camera other than `except` if
   *  given. The visit may be older than this process: who is seen again soon continues it.
   *  @throws Error when the signal is aborted first */
  async firstVisit(except?: string): Promise<RecognisedVisit> {
    const { customerId, displayName, cameraId } = await this.first(except);
    while (!this.signal.aborted) {
      const visit = await this.api.openVisitOf(customerId);
      if (visit !== null) return { customerId, displayName, cameraId, visitId: visit.visitId };
      await sleep(POLL_MS);
    }
    throw new Error('the recognised customer got no visit in time');
  }

  private first(except?: string): Promise<Omit<RecognisedVisit, 'visitId'>> {
    return new Promise((resolve, reject) => {
      this.listener = () => {
        const found = this.told.find(({ cameraId }) => cameraId !== except);
        if (found !== undefined) resolve(found);
      };
      this.listener();
      const refuse = () => reject(new Error('nobody was recognised in time'));
      if (this.signal.aborted) refuse();
      this.signal.addEventListener('abort', refuse, { once: true });
    });
  }
}
