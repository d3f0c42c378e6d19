import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { Middleware } from './exchange.js';

/** Headers that helmet sets, which are the same in every answer. */
function fixedHeadersOf(set: ReturnType<typeof helmet>): readonly [string, string][] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  set(request, response, (error) => {
    if (error) throw error as Error;
  });
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/** Headers that let the own page, its socket and its camera pictures (`blob:`) work and nothing else.
 *  `upgrade-insecure-requests` and HSTS stay off: on a shop's own network there is often no TLS, and a proxy
 *  that ends TLS sets them itself. Styles may be inline because the API page brings its own. */
const FIXED = fixedHeadersOf(
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
      },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  }),
);

export const securityHeaders: Middleware = (_request, response, next) => {
  for (const [name, value] of FIXED) response.setHeader(name, value);
  next();
};

/** Answers of the API hold personal data: nobody on the way keeps them. */
export const forbidCaching: Middleware = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
