import { Module } from '@nestjs/common';
import { OutboxPublisher, startHandlers, type Broker } from '@regulars/messaging';
import { OutboxRepository, type DocumentStore } from '@regulars/persistence';
import type { RunningService, ServiceParts } from '@regulars/runtime';
import { entryFor, openVision, readManifest } from '@regulars/vision';
import { ExpressionsController } from './expressions.controller.js';
import { Expressions, type ExpressionModel } from './expressions.js';

@Module({})
class ExpressionModule {}

/** One thread scores several hundred crops a second; there is one crop a person and second. */
const THREADS = 1;
const DRAIN_MS = 5_000;

/** Starts the service that turns face crops into expressions.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE */
export async function startExpression(parts: ServiceParts<Broker, DocumentStore>): Promise<RunningService> {
  const { modelsDir, visionProvider: provider } = parts.environment;
  const { name } = entryFor(await readManifest(modelsDir), 'expression');
  const vision = await openVision({ modelsDir, provider, threads: THREADS, telemetry: parts.telemetry });
  try {
    const service = await serveExpression(parts, { name, vision });
    return {
      faults: async () => {
        const fault = vision.fault();
        return { ...(await service.faults()), ...(fault === null ? {} : { vision: fault }) };
      },
      stop: async () => {
        await service.stop();
        await vision.close();
      },
    };
  } catch (error) {
    await vision.close();
    throw error;
  }
}

/** The service over a model that is open already. */
export async function serveExpression(
  { broker, store, telemetry }: Omit<ServiceParts<Broker, DocumentStore>, 'environment'>,
  model: ExpressionModel,
): Promise<RunningService> {
  const publisher = new OutboxPublisher(
    broker,
    new OutboxRepository(store, 'expression'),
    'expression',
    telemetry,
  );
  const expressions = new Expressions(model, publisher, telemetry);
  const handlers = await startHandlers({
    module: {
      module: ExpressionModule,
      controllers: [ExpressionsController],
      providers: [{ provide: Expressions, useValue: expressions }],
    },
    service: 'expression',
    broker,
    telemetry,
  });
  return {
    faults: async () => {
      const fault = await store.fault();
      return { ...handlers.faults(), ...(fault === null ? {} : { store: fault }) };
    },
    stop: async () => {
      await handlers.stop(DRAIN_MS);
      await publisher.close(DRAIN_MS);
    },
  };
}
