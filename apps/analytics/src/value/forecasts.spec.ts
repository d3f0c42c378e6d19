import { aliveProbability } from '@regulars/customer-value';
import { ForecastsRepository, ValueModels, type CustomerValue } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { customerId, withStore } from '../testing.js';
import { forecastOf, historyOf, ServingModel, STARTING_MODEL } from './forecasts.js';
import { aSale, NOW, valueBench } from './testing.js';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
const TODAY = Math.floor(NOW / DAY_MS);

function aValue(change: Partial<CustomerValue> = {}): CustomerValue {
  return {
    customerId: customerId('ada'),
    currency: 'EUR',
    firstDay: TODAY - 200,
    lastDay: TODAY - 10,
    orders: 12,
    days: 12,
    netMinor: 24_000,
    version: 0,
    scores: { recency: 3, frequency: 3, monetary: 3 },
    segment: 'loyal',
    class: 'medium',
    steps: [],
    updatedAt: daysAgo(0),
    ...change,
  };
}

describe('a forecast', () => {
  it('expects more of who came lately, and less of who stayed away', () => {
    const of = (lastDay: number) => forecastOf(aValue({ lastDay }), STARTING_MODEL, null, TODAY);
    const forecasts = [10, 60, 120, 180].map((days) => of(TODAY - days));
    const churn = forecasts.map(({ churnProbability }) => churnProbability);
    const spend = forecasts.map(({ expectedSpendMinor }) => expectedSpendMinor);
    expect(churn).toEqual([...churn].sort((a, b) => a - b));
    expect(spend).toEqual([...spend].sort((a, b) => b - a));
    expect(forecasts[0]?.nextPurchaseOn).toMatch(/^2026-04-/);
    expect(forecasts[3]?.nextPurchaseOn).toBeNull();
  });

  it('puts its expectation inside its interval and sums its classes to 1', () => {
    const centroids = {
      version: '1',
      windowPeriods: 3,
      scales: [1, 10] as [number, number],
      centroids: [
        [1, 3],
        [2, 9],
        [4, 20],
      ] as [[number, number], [number, number], [number, number]],
    };
    const { expectedSpendMinor, spendRangeMinor, classes, churnProbability } = forecastOf(
      aValue(),
      STARTING_MODEL,
      centroids,
      TODAY,
    );
    expect(spendRangeMinor?.low).toBeLessThan(expectedSpendMinor);
    expect(spendRangeMinor?.high).toBeGreaterThan(expectedSpendMinor);
    const all = Object.values(classes ?? {});
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(classes?.none).toBeCloseTo(churnProbability, 4);
  });
});

it('counts with one chance to leave for all, in a shop whose customers are all alike', () => {
  const bgNbd = { r: 6.235, alpha: 180.3, a: 11_138.7, b: 162_729.8 };
  const { expectedSpendMinor } = forecastOf(aValue(), { ...STARTING_MODEL, bgNbd }, null, TODAY);
  const leaves = 11_138.7 / (11_138.7 + 162_729.8);
  const purchases = (1 - (1 + (leaves * 91) / (180.3 + 200)) ** -(6.235 + 11)) / leaves;
  const alive = aliveProbability(bgNbd, historyOf(aValue(), TODAY));
  expect(expectedSpendMinor / (alive * purchases * 2_000)).toBeCloseTo(1, 3);
});

describe('the forecasts of a shop', () => {
  const shop = async (bench: ReturnType<typeof valueBench>, customers: number) => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let i = 0; i < customers; i++) {
      const first = 20 + 300 * random();
      const rate = 1 / (10 + 80 * random());
      for (let day = first, j = 0; day > 0 && j < 4; day += Math.log(1 - random()) / rate, j++) {
        const sale = { customerId: customerId(`c${i}`), amountMinor: Math.round(500 + 4_000 * random()) };
        await bench.worth.onSale(aSale(`s${i}-${j}`, { ...sale, occurredAt: daysAgo(day) }));
      }
    }
  };

  it(
    'are made with a model fitted in a thread, kept, told of and refreshed by a sale',
    () =>
      withStore(async (store) => {
        const bench = valueBench(store);
        await shop(bench, 60);
        await bench.books.segmentation.run();
        await bench.books.forecasts.want(daysAgo(0));
        const models = new ValueModels(store);
        const report = await models.forecastReport();
        expect(report).toMatchObject({ state: 'done', customers: 60, model: 'bg-nbd', progress: 1 });
        expect(report?.note).toBe('less than 15 months of history');
        const model = await models.forecastModel(ServingModel);
        expect(model?.gammaGamma).toHaveProperty('EUR');
        const told = bench.listener.heard.filter(({ key }) => key === 'forecast.updated');
        expect(told).toMatchObject([{ payload: { customers: 60, atRisk: report?.atRisk } }]);
        const forecasts = new ForecastsRepository(store);
        const { items } = await forecasts.list({ order: 'churn', limit: 100 });
        expect(items).toHaveLength(60);
        expect(items.filter(({ forecast }) => forecast.churnProbability > 0.5)).toHaveLength(
          report?.atRisk ?? -1,
        );
        const [worst] = items;
        if (worst === undefined) throw new Error('no forecast');
        await bench.worth.onSale(aSale('back', { customerId: worst.customerId, occurredAt: daysAgo(0) }));
        const after = await forecasts.get(worst.customerId);
        expect(after?.churnProbability).toBeLessThan(worst.forecast.churnProbability);
      }),
    120_000,
  );

  it('use the parameters of another shop, and say so, while there are too few customers', () =>
    withStore(async (store) => {
      const bench = valueBench(store);
      await bench.worth.onSale(aSale('one', { occurredAt: daysAgo(3) }));
      const told = bench.listener.heard.find(({ key }) => key === 'value.updated');
      expect(told?.payload).toMatchObject({ forecast: { model: 'bg-nbd', note: STARTING_MODEL.note } });
      await bench.books.forecasts.sweep();
      expect(await new ValueModels(store).forecastReport()).toMatchObject({ state: 'done', customers: 1 });
    }));

  it('are made once a night, from three o’clock on the shop’s wall', () =>
    withStore(async (store) => {
      const bench = valueBench(store);
      await bench.worth.onSale(aSale('one', { occurredAt: daysAgo(3) }));
      const runs = () => bench.listener.once('forecast.updated').length;
      const at = async (time: string) => {
        bench.clock.now = Date.parse(time);
        await bench.books.forecasts.sweep();
        return runs();
      };
      expect(await at('2026-04-10T12:00:00.000Z')).toBe(1);
      expect(await at('2026-04-10T23:00:00.000Z')).toBe(1);
      expect(await at('2026-04-11T02:59:00.000Z')).toBe(1);
      expect(await at('2026-04-11T03:01:00.000Z')).toBe(2);
      expect(await at('2026-04-11T03:02:00.000Z')).toBe(2);
    }));

  it(
    'can be given up, which leaves what was served before',
    () =>
      withStore(async (store) => {
        const bench = valueBench(store);
        await shop(bench, 40);
        const run = bench.books.forecasts.want(daysAgo(0));
        const models = new ValueModels(store);
        await expect.poll(async () => (await models.forecastReport())?.state).toBe('running');
        await bench.books.forecasts.cancel();
        await run;
        expect(await models.forecastReport()).toMatchObject({ state: 'cancelled', model: null });
        expect(await models.forecastModel(ServingModel)).toBeNull();
      }),
    120_000,
  );

  it('count days with a purchase, whatever the day of reading', () => {
    const value = aValue({ firstDay: 100, lastDay: 130, days: 3 });
    expect(historyOf(value, 150)).toEqual({ repeats: 2, lastAfter: 30, observed: 50 });
    expect(aliveProbability(STARTING_MODEL.bgNbd, historyOf(value, 120))).toBeGreaterThan(0.7);
  });
});
