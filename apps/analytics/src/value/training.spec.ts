import type { ForecastView } from '@regulars/contracts';
import { calendarMonths, type ForecastOfCustomer } from '@regulars/customer-value';
import {
  BucketsRepository,
  ForecastsRepository,
  ValueModels,
  type DocumentStore,
} from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { customerId, withStore } from '../testing.js';
import { ServingModel } from './forecasts.js';
import { VisitMonths } from './signals.js';
import { aSale, NOW, valueBench } from './testing.js';
import { trainedPartOf, withTrained } from './trained-part.js';
import { TrainingThread } from './training-thread.js';

const MONTHS = calendarMonths('UTC');
const TODAY = MONTHS.dayOf(NOW);
const PERIOD = MONTHS.indexOf(TODAY);

const BASE: ForecastView = {
  from: '2026-04-01',
  months: 3,
  currency: 'EUR',
  expectedSpendMinor: 4_000,
  spendRangeMinor: { low: 0, high: 9_000 },
  churnProbability: 0.4,
  classes: { none: 0.4, low: 0.3, medium: 0.2, high: 0.1 },
  nextPurchaseOn: '2026-05-01',
  model: 'ensemble',
  note: null,
};

const FOUND: ForecastOfCustomer = {
  customerId: 'ada',
  expectedSpendMinor: 6_000,
  spendRangeMinor: { low: 1_200, high: 12_000 },
  churnProbability: 0.3,
  classes: { none: 0.3, low: 0.35, medium: 0.21, high: 0.14 },
  nextPurchaseOn: null,
  reasons: [{ group: 'recency', churnLogit: -0.8, logSpend: 0.4 }],
};

describe("a trained model's part of a forecast", () => {
  const part = trainedPartOf(FOUND, BASE);

  it('gives the trained forecast on the day that it was made for', () => {
    const forecast = withTrained(BASE, part);
    expect(forecast.churnProbability).toBeCloseTo(0.3, 9);
    expect(forecast.expectedSpendMinor).toBeCloseTo(6_000, 1);
    expect(forecast.spendRangeMinor).toEqual({ low: 1_200, high: 12_000 });
    expect(forecast.classes?.low).toBeCloseTo(0.35, 9);
    expect(Object.values(forecast.classes ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(forecast.reasons).toEqual(FOUND.reasons);
  });

  it('follows a sale at once, and says that something happened since', () => {
    const now = withTrained({ ...BASE, churnProbability: 0.1, expectedSpendMinor: 8_000 }, part);
    expect(now.churnProbability).toBeLessThan(0.1);
    expect(now.expectedSpendMinor).toBeGreaterThan(8_000);
    expect(now.reasons?.map(({ group }) => group)).toEqual(['since', 'recency']);
    expect(now.reasons?.[0]?.churnLogit).toBeLessThan(0);
  });
});

/** Eighteen months of customers with rhythms of their own, some of whom leave. */
async function fill(store: DocumentStore, customers: number, months = 18): Promise<string[]> {
  let seed = 11;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const ids = Array.from({ length: customers }, (_, index) => customerId(`t${index}`));
  const buckets = ids.map((id) => {
    const [from, until] = [Math.floor(random() * (months - 2)), months * (0.3 + random())];
    const [rate, amount] = [0.2 + 0.7 * random(), 800 + Math.floor(6_000 * random())];
    const own = Array.from({ length: months + 1 }, (_, at) => at)
      .filter((at) => at === from || (at > from && at < until && random() < rate))
      .map((at) => {
        const period = PERIOD - months + at;
        const day = MONTHS.startOf(period) + (period === PERIOD ? 2 : Math.floor(27 * random()));
        const currencies = { EUR: { orders: 1, grossMinor: amount, refundsMinor: 0 } };
        return { customerId: id, period, orders: 1, days: 1, firstDay: day, lastDay: day, currencies };
      });
    return { customerId: id, buckets: own };
  });
  await new BucketsRepository(store).putMany(buckets);
  return ids;
}

describe('training', () => {
  it(
    'back-tests, lets the champion serve with its reasons, and keeps its part for the next sale',
    () =>
      withStore(async (store) => {
        const bench = valueBench(store);
        const ids = await fill(store, 150);
        await bench.books.segmentation.run();
        await bench.books.forecasts.want(new Date(NOW).toISOString());
        const models = new ValueModels(store);
        const report = await models.forecastReport();
        expect(report).toMatchObject({ state: 'done', customers: 150, failure: null });
        expect(report?.backTest).toMatchObject({ champion: report?.model, currency: 'EUR' });
        const { models: tested, origins } = report?.backTest as {
          models: Record<string, unknown>;
          origins: unknown[];
        };
        expect(Object.keys(tested)).toEqual(expect.arrayContaining(['persistence', 'bg-nbd']));
        expect(origins.length).toBeGreaterThan(0);
        expect((await models.forecastModel(ServingModel))?.name).toBe(report?.model);
        const forecasts = new ForecastsRepository(store);
        const [id = ''] = ids;
        const before = await forecasts.get(id);
        expect(before?.reasons?.length).toBeGreaterThan(0);
        await bench.worth.onSale(aSale('again', { customerId: id, occurredAt: new Date(NOW).toISOString() }));
        const after = await forecasts.get(id);
        expect(after?.churnProbability).toBeLessThan(before?.churnProbability ?? 0);
        expect(after?.reasons?.map(({ group }) => group)).toContain('since');
      }),
    120_000,
  );

  it('whose thread fails says so to whoever waits', async () => {
    const thread = new TrainingThread(new AbortController().signal);
    const nobody = { customerIds: [] } as never;
    await expect(thread.forecast(nobody)).rejects.toThrow('before training');
    await thread.close();
  }, 60_000);

  it(
    'that is given up leaves what served before',
    () =>
      withStore(async (store) => {
        const bench = valueBench(store);
        await fill(store, 150);
        await bench.books.segmentation.run();
        const models = new ValueModels(store);
        const served = {
          name: 'bg-nbd',
          note: 'before',
          bgNbd: { r: 1, alpha: 50, a: 1, b: 3 },
          gammaGamma: {},
        };
        await models.setForecastModel({ ...served, fittedAt: '2026-01-01T00:00:00.000Z' });
        const run = bench.books.forecasts.want(new Date(NOW).toISOString());
        await expect
          .poll(async () => (await models.forecastReport())?.progress, { timeout: 60_000 })
          .toBeGreaterThan(0);
        await bench.books.forecasts.cancel();
        await run;
        expect(await models.forecastReport()).toMatchObject({ state: 'cancelled' });
        expect((await models.forecastModel(ServingModel))?.note).toBe('before');
      }),
    60_000,
  );
});

describe('what cameras saw', () => {
  it('is unknown before the first visit of anybody, and nothing of who was not seen afterwards', async () => {
    const visitOf = (id: string, day: string, score: number | null) => ({
      visit: {
        visitor: { kind: 'customer', customerId: id },
        startedAt: `${day}T10:00:00.000Z`,
        satisfaction: { score },
      },
    });
    const pages = [
      [visitOf('ada', '2026-02-03', 0.8), visitOf('ada', '2026-02-03', 0.4)],
      [visitOf('ada', '2026-03-09', null)],
    ];
    const list = ({ cursor }: { cursor?: string }) => {
      const page = Number(cursor ?? 0);
      return Promise.resolve({
        items: pages[page] ?? [],
        nextCursor: page + 1 < pages.length ? String(page + 1) : null,
      });
    };
    const months = await VisitMonths.read({ list } as never, MONTHS, new AbortController().signal);
    const january = 12 * 2026;
    const columns = { customerIds: ['ada', 'ben'], first: january, count: 3 } as never;
    const { visitDays, satisfaction } = months.columnsFor(columns);
    expect([...visitDays]).toEqual([NaN, 1, 1, NaN, 0, 0]);
    expect([...satisfaction].map((value) => Math.round(value * 10))).toEqual([NaN, 6, NaN, NaN, NaN, NaN]);
  });
});
