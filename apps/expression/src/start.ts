import { Module } from '@nestjs/common';
import { OutboxPublisher, startHandlers, type Broker } from '@regulars/messaging';
import {
  CropsRepository,
  CustomersRepository,
  HeadsRepository,
  openKeyring,
  OutboxRepository,
  type DocumentStore,
} from '@regulars/persistence';
import type { RunningService, ServiceParts } from '@regulars/runtime';
import { entryFor, openShippedHead, openVision, readManifest } from '@regulars/vision';
import { CropBook } from './crops/crop-book.js';
import { ExpressionsController } from './expressions.controller.js';
import { Expressions, type ExpressionModel } from './expressions.js';
import { HeadBook } from './heads/head-book.js';
import { ServingHead } from './heads/serving-head.js';
import { MODEL, QuestionsController } from './questions.controller.js';
import { UNCALIBRATED_RULE } from './reading.js';

@Module({})
class ExpressionModule {}

/** One thread scores several hundred crops a second; there is one crop a person and second. */
const THREADS = 1;
const DRAIN_MS = 5_000;

type Parts = ServiceParts<Broker, DocumentStore>;

/** What is known of the model in use besides the net itself.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT */
export async function describeModel(modelsDir: string): Promise<Omit<ExpressionModel, 'vision'>> {
  const entry = entryFor(await readManifest(modelsDir), 'expression');
  const { name, calibration } = entry;
  return {
    name,
    rule: calibration ?? UNCALIBRATED_RULE,
    temperature: calibration?.temperature ?? 1,
    shipped: await openShippedHead(modelsDir, entry),
  };
}

/** Starts the service that turns face crops into expressions.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE,
 *  CONFIGURATION_INVALID; TransientError STORE_UNAVAILABLE */
export async function startExpression(parts: Parts): Promise<RunningService> {
  const { modelsDir, visionProvider: provider } = parts.environment;
  const model = await describeModel(modelsDir);
  const vision = await openVision({ modelsDir, provider, threads: THREADS, telemetry: parts.telemetry });
  try {
    const service = await serveExpression(parts, { ...model, vision });
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

/** The service over a model that is open already.
 *  @throws RegularsError CONFIGURATION_INVALID; TransientError STORE_UNAVAILABLE */
export async function serveExpression(
  { broker, store, telemetry, environment }: Parts,
  model: ExpressionModel,
): Promise<RunningService> {
  const outbox = new OutboxRepository(store, 'expression');
  const publisher = new OutboxPublisher(broker, outbox, 'expression', telemetry);
  const crops = new CropsRepository(store, await openKeyring(store, environment));
  const heads = new HeadsRepository(store);
  const head = new ServingHead(heads, model.name, model.temperature, telemetry.log);
  await head.open();
  const books = { crops, customers: new CustomersRepository(store) };
  const cropBook = new CropBook(books, environment.expressionCropsDays, telemetry);
  const expressions = new Expressions(model, publisher, { crops: cropBook, head }, telemetry);
  const headBook = new HeadBook(model, { crops, heads }, head, telemetry);
  const handlers = await startHandlers({
    module: {
      module: ExpressionModule,
      controllers: [ExpressionsController, QuestionsController],
      providers: [
        { provide: Expressions, useValue: expressions },
        { provide: HeadBook, useValue: headBook },
        { provide: MODEL, useValue: model },
      ],
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
      await head.close();
      await publisher.close(DRAIN_MS);
    },
  };
}
