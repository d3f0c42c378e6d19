import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { RegularsError, type Telemetry } from '@regulars/contracts';
import type { Environment } from '@regulars/runtime';
import { serveDashboard } from '../dashboard.js';
import { ROUTES } from '../openapi.js';
import { openApiDocument } from '../openapi-document.js';
import { openTillDoor } from '../sales/till-door.js';
import { ErrorFilter } from './error.filter.js';
import { JSON_LIMIT } from './plain-json.js';
import { nameRequest } from './request-id.js';
import { measureRequests } from './request-metrics.js';
import { forbidCaching, securityHeaders } from './security-headers.js';
import { SchemaPipe } from './validation.js';

export type HttpSettings = Pick<
  Environment,
  'dashboardDir' | 'gatewayHost' | 'gatewayPort' | 'gatewayTrustProxy'
>;

const VERSION = '0.1.0';
/** Ten photographs of 10 MB over a slow line; ends senders that trickle. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the 60 s for which proxies keep an idle connection, so that it is never closed under a request. */
const KEEP_ALIVE_MS = 65_000;

/** Puts together what every request passes, in this order. */
export function configureHttp(
  app: NestExpressApplication,
  settings: HttpSettings,
  telemetry: Telemetry,
): void {
  app.set('trust proxy', settings.gatewayTrustProxy ? 1 : false);
  app.set('etag', false);
  app.disable('x-powered-by');
  const first = [nameRequest, measureRequests(telemetry.meter, () => performance.now()), securityHeaders];
  for (const middleware of first) app.use(middleware);
  app.use('/v1', forbidCaching);
  serveDashboard(app, settings.dashboardDir);
  app.useBodyParser('json', { limit: JSON_LIMIT });
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ErrorFilter(telemetry.log));
  app.useWebSocketAdapter(new IoAdapter(app));
  const document = openApiDocument(ROUTES, VERSION) as unknown as OpenAPIObject;
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Regulars API',
  });
  const server = app.getHttpServer() as Server;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  openTillDoor(app, [...first, forbidCaching], telemetry);
}

/** @returns the address for a browser, e.g. http://127.0.0.1:8080
 *  @throws RegularsError PORT_TAKEN */
export async function listen(app: NestExpressApplication, settings: HttpSettings): Promise<string> {
  const { gatewayHost: host, gatewayPort: port } = settings;
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new RegularsError('PORT_TAKEN', { variable: 'GATEWAY_PORT', host, port }, { cause: error });
  }
  return addressOf((app.getHttpServer() as Server).address() as AddressInfo);
}

/** Takes no new request and no new page, lets requests in hand end, cuts those off that take longer. */
export async function closeHttp(app: NestExpressApplication, timeoutMs: number): Promise<void> {
  const server = app.getHttpServer() as Server;
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs / 2);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** Where a browser on this machine reaches it. */
export function addressOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
