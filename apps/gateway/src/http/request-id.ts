import { newId } from '@regulars/contracts/ids';
import type { Middleware } from './exchange.js';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,80}$/;

/** The caller's own request id when it is harmless in a log and a header, otherwise a fresh one. */
export function requestIdOf(given: unknown, fresh: () => string): string {
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : fresh();
}

/** Names every request: `X-Request-Id` comes in from a proxy or a caller and goes out with every answer. */
export const nameRequest: Middleware = (request, response, next) => {
  request.requestId = requestIdOf(request.headers['x-request-id'], () => newId('req'));
  response.setHeader('X-Request-Id', request.requestId);
  next();
};
