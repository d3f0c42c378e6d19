import { randomFillSync } from 'node:crypto';
import { newId } from '@regulars/contracts/ids';
import type { Middleware } from './exchange.js';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,80}$/;

/** The caller's own request id when it is harmless in a log and a header, otherwise a fresh one. */
export function requestIdOf(given: unknown, fresh: () => string): string {
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : fresh();
}

const pool = Buffer.alloc(4_096);
let used = pool.length;

/** Random bytes from a stock, so that the system is asked for them once for many requests. */
function pooledBytes(size: number): Uint8Array {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}

/** Names every request: `X-Request-Id` comes in from a proxy or a caller and goes out with every answer. */
export const nameRequest: Middleware = (request, response, next) => {
  request.requestId = requestIdOf(request.headers['x-request-id'], () => newId('req', pooledBytes));
  response.setHeader('X-Request-Id', request.requestId);
  next();
};
