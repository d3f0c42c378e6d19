import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, redactText, RegularsError } from '@regulars/contracts';
import type { Metrics } from './metrics.js';

/** What is wrong, by service and dependency; a service that can work has no entry. */
export type Faults = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly faults: () => Promise<Faults>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /health/live (200 while the event loop turns), /health/ready (200 with {}, or 503 with the faults by
 *  service and dependency) and /metrics.
 *  @throws RegularsError PORT_TAKEN */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(request, options).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, json(500, { error: redactText(messageOf(error)) })),
    );
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function json(status: number, value: unknown): Reply {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

async function answer(request: IncomingMessage, options: HealthOptions): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'only GET' });
  switch (request.url?.split('?')[0]) {
    case '/health/live':
      return json(200, {});
    case '/health/ready': {
      const faults = await options.faults();
      return json(Object.keys(faults).length === 0 ? 200 : 503, faults);
    }
    case '/metrics':
      return { status: 200, type: options.metrics.contentType, body: await options.metrics.text() };
    default:
      return json(404, { error: 'see /health/live, /health/ready and /metrics' });
  }
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { 'content-type': reply.type, 'cache-control': 'no-store' });
  response.end(reply.body);
}

function listen(server: Server, { host, port }: HealthOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new RegularsError('PORT_TAKEN', { variable: 'HEALTH_PORT', host, port }) : error);
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

/** Asks every service, each for at most `timeoutMs`; one that does not answer is at fault itself. */
export async function collectFaults(
  services: ReadonlyMap<string, { faults(): Promise<Readonly<Record<string, string>>> }>,
  timeoutMs: number,
): Promise<Faults> {
  const answers = await Promise.all(
    [...services].map(async ([name, service]) => [name, await faultsOf(service, timeoutMs)] as const),
  );
  return Object.fromEntries(answers.filter(([, faults]) => Object.keys(faults).length > 0));
}

async function faultsOf(
  service: { faults(): Promise<Readonly<Record<string, string>>> },
  timeoutMs: number,
): Promise<Readonly<Record<string, string>>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Record<string, string>>((resolve) => {
    timer = setTimeout(() => resolve({ check: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    const faults = await Promise.race([service.faults(), late]);
    return Object.fromEntries(Object.entries(faults).map(([name, reason]) => [name, redactText(reason)]));
  } catch (error) {
    return { check: redactText(messageOf(error)) };
  } finally {
    clearTimeout(timer);
  }
}
