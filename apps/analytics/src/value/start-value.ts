import type { Provider, Type } from '@nestjs/common';
import type { Telemetry } from '@regulars/contracts';
import { calendarMonths, type Periods } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import {
  AttendanceRepository,
  BucketsRepository,
  CampaignsRepository,
  CustomersRepository,
  ForecastsRepository,
  ImportedFolders,
  ImportedSales,
  ImportParts,
  LedgerRepository,
  LoyaltyRepository,
  SaleLinksRepository,
  SalesRepository,
  SightingsRepository,
  TillCamerasRepository,
  ValueModels,
  ValuesRepository,
  VisitsRepository,
  type DocumentStore,
} from '@regulars/persistence';
import { CustomerWorth, tellValue, type WorthBooks } from './customer-worth.js';
import { ForecastBook } from './forecast-book.js';
import { ForecastsController } from './forecasts.controller.js';
import { History } from './history.js';
import { JoinBook } from './join-book.js';
import { LedgerBook } from './ledger-book.js';
import { LoyaltyBook } from './loyalty-book.js';
import { SalesController } from './sales.controller.js';
import { SegmentationRun } from './segmentation-run.js';
import { todayAt } from './shelves.js';
import { CurrentSegmentation, ValueBook } from './value-book.js';
import { ValueErasure } from './value-erasure.js';
import { VisitsController } from './visits.controller.js';

export interface ValueParts {
  readonly store: DocumentStore;
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  readonly timeZone: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface RunningValue {
  readonly worth: CustomerWorth;
  readonly books: WorthBooks;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** What is to be done from time to time. */
  sweep(): Promise<void>;
  readonly erasure: ValueErasure;
  /** Gives up what runs in the background. */
  stop(): Promise<void>;
}

function repositoriesOf(store: DocumentStore) {
  return {
    attendance: new AttendanceRepository(store),
    buckets: new BucketsRepository(store),
    campaigns: new CampaignsRepository(store),
    customers: new CustomersRepository(store),
    forecasts: new ForecastsRepository(store),
    folders: new ImportedFolders(store),
    imported: new ImportedSales(store),
    ledger: new LedgerRepository(store),
    links: new SaleLinksRepository(store),
    loyalty: new LoyaltyRepository(store),
    models: new ValueModels(store),
    parts: new ImportParts(store),
    sales: new SalesRepository(store),
    sightings: new SightingsRepository(store),
    tills: new TillCamerasRepository(store),
    values: new ValuesRepository(store),
    visits: new VisitsRepository(store),
  };
}

function booksOf(parts: ValueParts, shelves: ReturnType<typeof repositoriesOf>, months: Periods): WorthBooks {
  const { publisher, telemetry, clock } = parts;
  const { models } = shelves;
  const current = new CurrentSegmentation(models, clock);
  const values = new ValueBook(shelves, publisher, telemetry, current);
  const loyalty = new LoyaltyBook(shelves, publisher, telemetry);
  const forecasts = new ForecastBook(shelves, months, { publisher, telemetry, clock });
  const joins = new JoinBook(shelves, clock, telemetry);
  const run = { shelves, models, book: values, current };
  const segmentation = new SegmentationRun(run, months, clock, telemetry);
  const told = { values, loyalty, forecasts, segmentation };
  const ledger = new LedgerBook(
    shelves,
    (sale) => joins.decide(sale),
    (customerId, cause) => tellValue({ books: told, publisher }, customerId, cause, todayAt(clock(), months)),
    telemetry,
  );
  const history = new History(shelves, (saleId) => ledger.resettle(saleId));
  return { ledger, values, joins, loyalty, forecasts, history, segmentation };
}

/** Puts together what decides on customers' worth. */
export function makeValue(parts: ValueParts): RunningValue {
  const shelves = repositoriesOf(parts.store);
  const months = calendarMonths(parts.timeZone);
  const books = booksOf(parts, shelves, months);
  const worth = new CustomerWorth(books, shelves, months, parts.clock);
  return {
    worth,
    books,
    controllers: [SalesController, VisitsController, ForecastsController],
    providers: [
      { provide: CustomerWorth, useValue: worth },
      { provide: ForecastBook, useValue: books.forecasts },
    ],
    sweep: async () => {
      await books.segmentation.sweep();
      await books.forecasts.sweep(async () => {
        await books.segmentation.run();
        await books.loyalty.checkAll(todayAt(parts.clock(), months));
      });
    },
    erasure: new ValueErasure(shelves),
    stop: () => books.forecasts.stop(),
  };
}
