import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  type EnrolPhotographsReply,
  ErrorBody,
  type EnrolPhotographsRequest,
  type LiveEvent,
  type LivePicture,
  type PhotographResult,
  SILENT,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { MemoryBroker } from '@regulars/messaging';
import {
  type Environment,
  createMetrics,
  createTelemetry,
  type Metrics,
  parseEnvironment,
} from '@regulars/runtime';
import { SqliteStore } from '@regulars/persistence';
import { io, type Socket } from 'socket.io-client';
import { startGateway, type RunningGateway } from '../gateway.js';
import { GatewayModule } from '../gateway.module.js';
import { createServices } from '../services.js';

/** A gateway on a free port with a store of its own in a temporary folder. */
export interface Rig {
  readonly gateway: RunningGateway;
  readonly broker: MemoryBroker;
  readonly store: SqliteStore;
  readonly metrics: Metrics;
  readonly dataDir: string;
  readonly environment: Environment;
  /** Lines of the log so far. */
  readonly logLines: string[];
  readonly token: string;
  /** Sends a request with the owner's token unless `headers` says otherwise. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** A page's socket, connected unless the handshake is refused. */
  page(auth?: Record<string, unknown>): Page;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly json?: unknown;
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a page has heard. */
export interface Page {
  readonly socket: Socket;
  readonly events: LiveEvent[];
  readonly pictures: { picture: LivePicture; jpeg: Buffer }[];
  readonly resets: unknown[];
}

export async function startRig(variables: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const dataDir = await mkdtemp(join(tmpdir(), 'regulars-gateway-'));
  const environment = parseEnvironment({
    DATA_DIR: dataDir,
    GATEWAY_PORT: '0',
    SHUTDOWN_TIMEOUT_MS: '4000',
    GATEWAY_REQUESTS_PER_MINUTE: '100000',
    LOG_FORMAT: 'json',
    ...variables,
  });
  const logLines: string[] = [];
  const metrics = createMetrics();
  const destination = { write: (line: string) => void logLines.push(line) };
  const telemetry = createTelemetry({ service: 'gateway', environment, metrics, destination });
  const store = new SqliteStore(dataDir);
  await store.open();
  // Without analytics, whose work queue would hold back every event until somebody handled it.
  const broker = new MemoryBroker(telemetry, {
    services: ['capture', 'recognition', 'expression', 'gateway'],
  });
  const gateway = await startGateway({ environment, telemetry, broker, store });
  const token = gateway.firstToken ?? '';
  const pages: Page[] = [];
  return {
    gateway,
    broker,
    store,
    metrics,
    dataDir,
    environment,
    logLines,
    token,
    request: (method, path, options = {}) => send(gateway.address + path, method, token, options),
    page: (auth = { token }) => {
      const page = openPage(gateway.address, auth);
      pages.push(page);
      return page;
    },
    close: async () => {
      for (const { socket } of pages) socket.disconnect();
      await gateway.stop();
      await broker.close(1_000);
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function send(url: string, method: string, token: string, options: RequestOptions): Promise<Response> {
  const isJson = options.json !== undefined;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...options.headers,
  };
  const body = isJson ? JSON.stringify(options.json) : options.body;
  return fetch(url, { method, headers, body, redirect: 'manual' });
}

/** The error of an answer, whose form and request id are checked. */
export async function errorOf(response: Response): Promise<ErrorBody['error']> {
  const { error } = ErrorBody.parse(await response.json());
  const isNamed = error.requestId === response.headers.get('x-request-id');
  if (!isNamed) throw new Error(`request id of the error is ${error.requestId}`);
  return error;
}

export function openPage(address: string, auth: Record<string, unknown>): Page {
  const socket = io(address, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
  const page: Page = { socket, events: [], pictures: [], resets: [] };
  socket.on('event', (event: LiveEvent) => page.events.push(event));
  socket.on('picture', (picture: LivePicture, jpeg: Buffer) => page.pictures.push({ picture, jpeg }));
  socket.on('reset', (position: unknown) => page.resets.push(position));
  return page;
}

export function connected({ socket }: Page): Promise<void> {
  if (socket.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
}

/** Recognition as its contract says: it judges each photograph for itself and adds templates for the good ones.
 *  A photograph that begins like a JPEG is good here. */
export async function answerEnrolments(broker: MemoryBroker): Promise<void> {
  const templates = new Map<string, number>();
  await broker.answer('recognition.enrolment', (delivery) => {
    const { customerId, sizes } = delivery.payload as EnrolPhotographsRequest;
    const body = delivery.body ?? new Uint8Array();
    let start = 0;
    const photographs = sizes.map((size, index): PhotographResult => {
      const isJpeg = body[start] === 0xff && body[start + 1] === 0xd8;
      start += size;
      return isJpeg ? accepted(index) : refused(index);
    });
    const added = photographs.filter(({ kind }) => kind === 'accepted').length;
    templates.set(customerId, (templates.get(customerId) ?? 0) + added);
    const reply: EnrolPhotographsReply = {
      customerId,
      templates: templates.get(customerId) ?? 0,
      photographs,
    };
    return Promise.resolve(reply);
  });
}

function accepted(index: number): PhotographResult {
  const quality = { faceWidthPx: 96, sharpness: 210, yawDegrees: 0, pitchDegrees: 0, brightness: 118 };
  return { kind: 'accepted', index, templateId: newId('tpl'), quality };
}

function refused(index: number): PhotographResult {
  const message = 'The picture cannot be decoded.';
  return { kind: 'refused', index, code: 'PICTURE_UNREADABLE', message, remedy: 'Send a JPEG.', fields: {} };
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** Routes that Nest's controllers really registered, as `GET /v1/cameras/{cameraId}`. */
export async function registeredRoutes({ environment, broker, store }: Rig): Promise<string[]> {
  const services = await createServices({ environment, telemetry: SILENT, broker, store });
  const module = GatewayModule.of(services, environment.gatewayRequestsPerMinute);
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: false });
  try {
    await app.init();
    const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
    return router.stack.flatMap(({ route }) => {
      if (route === undefined) return [];
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      const methods = Object.keys(route.methods).filter((method) => route.methods[method] === true);
      return methods.map((method) => `${method.toUpperCase()} ${path}`);
    });
  } finally {
    await app.close();
    await services.close();
  }
}
