import type { Meter } from '@regulars/contracts';
import type { HttpRequest, Middleware } from './exchange.js';

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The route's pattern, never the path itself: a metric has few labels, and a path holds ids.
 *  @returns `static` for the page's files and `none` when nothing matched */
export function routeLabelOf(request: Pick<HttpRequest, 'route' | 'baseUrl'>, status: number): string {
  if (typeof request.route?.path === 'string') return `${request.baseUrl}${request.route.path}`;
  return status < 400 ? 'static' : 'none';
}

/** Observes every request once its answer is out or its caller has gone. */
export function measureRequests(meter: Meter, now: () => number): Middleware {
  return (request, response, next) => {
    const startedAt = now();
    response.once('close', () => {
      const method = request.method ?? '';
      meter.observe('regulars_http_request_seconds', (now() - startedAt) / 1000, {
        method: KNOWN_METHODS.has(method) ? method : 'other',
        route: routeLabelOf(request, response.statusCode),
        status: String(response.statusCode),
      });
    });
    next();
  };
}
