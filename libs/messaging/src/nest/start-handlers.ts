import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { ServiceName, Telemetry } from '@regulars/contracts';
import type { Broker } from '../broker.js';
import { BrokerStrategy } from './broker-strategy.js';
import { nestLog } from './nest-log.js';
import { RethrowFilter } from './rethrow.filter.js';

export interface HandlersOptions {
  /** Nest module whose controllers hold the handlers: a class, or a dynamic module. */
  readonly module: Parameters<typeof NestFactory.createMicroservice>[0];
  readonly service: ServiceName;
  readonly broker: Broker;
  readonly telemetry: Telemetry;
}

export interface RunningHandlers {
  /** `{ broker: why }` while the broker cannot be used, else empty. */
  faults(): Record<string, string>;
  /** Takes no further message, waits for those in hand (default 8 s), closes the Nest application. The broker
   *  stays open: it may be shared. */
  stop(timeoutMs?: number): Promise<void>;
}

const DRAIN_MS = 8_000;

/** Starts the Nest handlers of a service on the queues that the topology gives it.
 *  `@EventPattern<string>(Event.key)` handlers get `(@Payload() payload, @Ctx() delivery: Delivery)`; they return
 *  nothing (done) or an Outcome, throw TransientError to be tried again, anything else to be dead-lettered.
 *  `@MessagePattern<string>(Command.key)` handlers return the reply. Handlers of one queue run side by side, up
 *  to its prefetch; only a lane's messages come one after the other.
 *  @throws RegularsError HANDLER_MISSING naming the keys without exactly one handler */
export async function startHandlers(options: HandlersOptions): Promise<RunningHandlers> {
  const { module, service, broker, telemetry } = options;
  const strategy = new BrokerStrategy(broker, service);
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    strategy,
    logger: nestLog(telemetry.log),
    abortOnError: false,
  });
  application.useGlobalFilters(new RethrowFilter());
  try {
    await application.listen();
  } catch (error) {
    await strategy.drain(0);
    await application.close();
    throw error;
  }
  return {
    faults: (): Record<string, string> => {
      const fault = broker.fault();
      return fault === null ? {} : { broker: fault };
    },
    stop: async (timeoutMs = DRAIN_MS) => {
      await strategy.drain(timeoutMs);
      await application.close();
    },
  };
}
