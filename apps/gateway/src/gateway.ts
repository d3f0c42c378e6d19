import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Broker, type RunningHandlers, startHandlers } from '@regulars/messaging';
import type { DocumentStore } from '@regulars/persistence';
import { type RunningService, type ServiceParts, toNestLogger } from '@regulars/runtime';
import { GatewayModule, HandlersModule } from './gateway.module.js';
import { closeHttp, configureHttp, listen } from './http/http-app.js';
import { startRetention } from './retention.js';
import { createServices, type GatewayServices } from './services.js';
import { firstOwnerToken } from './sign-in/owner-token.js';

export interface RunningGateway extends RunningService {
  /** Where a browser on this machine reaches the page and the API, e.g. http://127.0.0.1:8080. */
  readonly address: string;
  /** The owner's token when this start made it: to be shown once, it is kept nowhere. Null at later starts. */
  readonly firstToken: string | null;
}

type GatewayParts = ServiceParts<Broker, DocumentStore>;

/** Starts the HTTP API, the live socket and the page on one port.
 *  @throws RegularsError PORT_TAKEN; TransientError STORE_UNAVAILABLE, BROKER_UNAVAILABLE */
export async function startGateway(parts: GatewayParts): Promise<RunningGateway> {
  const { environment, telemetry, broker } = parts;
  const services = await createServices(parts);
  const started: Closing[] = [() => services.close()];
  const stop = () => closeAll(started.splice(0).reverse());
  try {
    const app = await createApp(services, parts);
    started.push(() => closeHttp(app, environment.shutdownTimeoutMs));
    const address = await listen(app, environment);
    const module = HandlersModule.of(services);
    const handlers = await startHandlers({ module, service: 'gateway', broker, telemetry });
    started.push(() => handlers.stop(environment.shutdownTimeoutMs / 2));
    await services.importer.resume();
    started.push(startRetention(services.repositories, telemetry));
    // Last of all, so that it is never made by a start that fails before anybody was shown it.
    const firstToken = await firstOwnerToken(services.repositories.tokens);
    telemetry.log.info({ address }, 'gateway listens');
    return { address, firstToken, faults: () => faultsOf(parts, handlers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Closing = () => Promise<void>;

async function createApp(services: GatewayServices, parts: GatewayParts): Promise<NestExpressApplication> {
  const { environment, telemetry } = parts;
  const module = GatewayModule.of(services, environment.gatewayRequestsPerMinute);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    // Providers sign the very bytes.
    rawBody: true,
    abortOnError: false,
    logger: toNestLogger(telemetry.log),
  });
  configureHttp(app, environment, telemetry);
  return app;
}

async function faultsOf({ store }: GatewayParts, handlers: RunningHandlers): Promise<Record<string, string>> {
  const fault = await store.fault();
  return { ...handlers.faults(), ...(fault === null ? {} : { store: fault }) };
}

/** Closes all, one after the other, also when one of them fails.
 *  @throws the first failure, after all were closed */
async function closeAll(closings: readonly Closing[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closings) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
