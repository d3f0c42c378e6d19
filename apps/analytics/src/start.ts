import { Module } from '@nestjs/common';
import { OutboxPublisher, startHandlers, type Broker, type Publisher } from '@regulars/messaging';
import {
  AttendanceRepository,
  CameraChangesRepository,
  CustomersRepository,
  OutboxRepository,
  SightingsRepository,
  VisitorsRepository,
  VisitsRepository,
  type DocumentStore,
} from '@regulars/persistence';
import type { Environment, RunningService, ServiceParts } from '@regulars/runtime';
import type { Telemetry } from '@regulars/contracts';
import { makeAlerts } from './alerts/start-alerts.js';
import { Analytics } from './analytics.js';
import { Announcer, type Books } from './announcer.js';
import { CameraBook } from './camera-book.js';
import { CamerasController } from './cameras.controller.js';
import { Closing } from './closing.js';
import { CustomersController } from './customers.controller.js';
import { Erasure } from './erasure.js';
import { PseudonymsController } from './pseudonyms.controller.js';
import { Settlement } from './settlement.js';
import { SightingBook } from './sighting-book.js';
import { SightingsController } from './sightings.controller.js';
import { StoreTimes } from './store-times.js';
import { Sweeper } from './sweeper.js';
import { makeValue } from './value/start-value.js';
import { ValueErasure } from './value/value-erasure.js';

@Module({})
class AnalyticsModule {}

const SWEEP_MS = 2_000;
const DRAIN_MS = 5_000;

export interface AnalyticsParts {
  readonly store: DocumentStore;
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  readonly environment: Pick<Environment, 'visitReentryMs' | 'storeTimeZone'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Puts together what decides on visits.
 *  @returns the handlers' part, and what is to be done from time to time */
export function makeAnalytics({ store, publisher, telemetry, environment, clock }: AnalyticsParts): {
  analytics: Analytics;
  cameras: CameraBook;
  sweep: () => Promise<void>;
} {
  const rule = { reentryMs: environment.visitReentryMs, timeZone: environment.storeTimeZone };
  const books: Books = {
    sightings: new SightingsRepository(store),
    visits: new VisitsRepository(store),
    visitors: new VisitorsRepository(store),
    attendance: new AttendanceRepository(store),
    customers: new CustomersRepository(store),
    cameraChanges: new CameraChangesRepository(store),
  };
  const times = new StoreTimes(clock);
  const announcer = new Announcer(books, publisher, rule.timeZone, telemetry);
  const settlement = new Settlement(books, announcer, times, rule);
  const book = new SightingBook(books, settlement);
  const erasure = new Erasure(books, settlement);
  const closing = new Closing(books, settlement, times, rule.reentryMs);
  return {
    analytics: new Analytics(book, erasure, closing, telemetry.log),
    cameras: new CameraBook(books, settlement, rule.reentryMs),
    sweep: async () => {
      await closing.sweep(clock());
      for (const storeId of times.stores()) await announcer.measureOpen(storeId);
    },
  };
}

/** Starts the service that joins sightings to visits.
 *  @param clock milliseconds since 1970; tests pass their own */
export async function startAnalytics(
  { broker, store, telemetry, environment }: ServiceParts<Broker, DocumentStore>,
  clock: () => number = Date.now,
): Promise<RunningService> {
  const outbox = new OutboxRepository(store, 'analytics');
  const publisher = new OutboxPublisher(broker, outbox, 'analytics', telemetry);
  const { analytics, cameras, sweep } = makeAnalytics({ store, publisher, telemetry, environment, clock });
  const { storeTimeZone: timeZone } = environment;
  const value = makeValue({ store, publisher, telemetry, timeZone, clock });
  const alerts = makeAlerts({ store, publisher, telemetry, environment, clock });
  const sweepAll = async () => {
    await sweep();
    await alerts.sweep();
  };
  const sweeper = new Sweeper(sweepAll, SWEEP_MS, telemetry.log);
  const valueSweeper = new Sweeper(() => value.sweep(), SWEEP_MS, telemetry.log);
  const handlers = await startHandlers({
    module: {
      module: AnalyticsModule,
      controllers: [
        SightingsController,
        PseudonymsController,
        CustomersController,
        CamerasController,
        ...alerts.controllers,
        ...value.controllers,
      ],
      providers: [
        { provide: Analytics, useValue: analytics },
        { provide: ValueErasure, useValue: value.erasure },
        ...alerts.providers,
        ...value.providers,
        { provide: CameraBook, useValue: cameras },
      ],
    },
    service: 'analytics',
    broker,
    telemetry,
  });
  sweeper.start();
  valueSweeper.start();
  return {
    faults: async () => {
      const fault = await store.fault();
      return { ...handlers.faults(), ...(fault === null ? {} : { store: fault }) };
    },
    stop: async () => {
      await handlers.stop(DRAIN_MS);
      await sweeper.stop();
      await value.stop();
      await valueSweeper.stop();
      await publisher.close(DRAIN_MS);
    },
  };
}
