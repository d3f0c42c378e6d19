import { describe, expect, it } from 'vitest';
import { generatedShop } from '../testing/generated-shop.js';
import { Forecaster, type ForecastOfCustomer } from './forecaster.js';
import { forecastCustomers } from './forecast-customers.js';
import { logUnits, newCustomer } from './parts.js';
import { safeLogit } from './predictions.js';
import { shortened, type PurchaseSeries } from './series.js';
import { trainForecaster } from './train.js';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Reasons sum to the difference from a new customer's forecast. */
function expectWholeReasons(
  forecasts: readonly ForecastOfCustomer[],
  forecaster: Forecaster,
  series: PurchaseSeries,
): void {
  const amounts = forecaster.champion === 'bg-nbd' ? forecaster.repeatAmounts : forecaster.base.gammaGamma;
  const base = { ...forecaster.base, gammaGamma: amounts };
  const start = newCustomer(base, series);
  for (const { reasons, churnProbability, expectedSpendMinor } of forecasts) {
    const sum = (of: 'churnLogit' | 'logSpend') => reasons.reduce((total, reason) => total + reason[of], 0);
    expect(start.churnLogit + sum('churnLogit')).toBeCloseTo(safeLogit(churnProbability), 8);
    expect(start.logSpend + sum('logSpend')).toBeCloseTo(logUnits(expectedSpendMinor, base.unitMinor), 8);
  }
}

describe('a forecaster of a shop with two years', () => {
  const series = generatedShop({ customers: 400, months: 24, seed: 7 });

  it(
    'says of each customer what stands to reason, also after it was stored',
    { timeout: 120_000 },
    async () => {
      const shares: number[] = [];
      const options = { origins: 1, mostCustomers: 150 };
      const trained = await trainForecaster(series, options, { onProgress: (share) => shares.push(share) });
      expect(shares.at(-1)).toBe(1);
      expect([...shares].sort((one, other) => one - other)).toEqual(shares);
      const stored = Forecaster.parse(JSON.parse(JSON.stringify(trained)));
      const forecasts = await forecastCustomers(stored, series);
      expect(forecasts).toHaveLength(series.customerIds.length);
      expectWholeReasons(forecasts, stored, series);
      for (const { churnProbability, classes, expectedSpendMinor, spendRangeMinor } of forecasts) {
        expect(churnProbability).toBeGreaterThan(0);
        expect(churnProbability).toBeLessThan(1);
        expect(mean(Object.values(classes ?? {}))).toBeCloseTo(0.25, 9);
        expect(expectedSpendMinor).toBeGreaterThan(0);
        expect(spendRangeMinor?.low).toBeLessThanOrEqual(spendRangeMinor?.high ?? -1);
      }
      // The same again, and in parts.
      expect(await forecastCustomers(stored, series)).toEqual(forecasts);
    },
  );

  it('has whole reasons whichever model serves', { timeout: 120_000 }, async () => {
    // Nothing is tested, so the ensemble serves, and each of its parts could.
    const ensemble = await trainForecaster(series, { origins: 0, mostCustomers: 150 });
    expect(ensemble).toMatchObject({ champion: 'ensemble', note: null, backTest: null, ranges: null });
    const served = [
      ensemble,
      { ...ensemble, champion: 'boosting' as const, lstms: null },
      { ...ensemble, champion: 'lstm' as const, boosted: null },
    ];
    for (const forecaster of served) {
      const forecasts = await forecastCustomers(Forecaster.parse(forecaster), series);
      expectWholeReasons(forecasts, forecaster, series);
      const groups = new Set(forecasts.flatMap(({ reasons }) => reasons.map(({ group }) => group)));
      expect(groups.has('sequence')).toBe(forecaster.lstms !== null);
      expect(groups.has('trend')).toBe(forecaster.boosted !== null);
    }
  });

  it('is refused a series that begins elsewhere, and ends when it is told to', async () => {
    const short = shortened(generatedShop({ customers: 40, months: 9, seed: 1 }), 9);
    const trained = await trainForecaster(short, { origins: 0 });
    await expect(forecastCustomers(trained, { ...short, first: short.first + 1 })).rejects.toThrow(
      RangeError,
    );
    await expect(trainForecaster(series, {}, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe('a shop with less than 15 months', () => {
  it('is served by BG/NBD, and says so', async () => {
    const series = generatedShop({ customers: 200, months: 12, seed: 3 });
    const trained = await trainForecaster(series, { origins: 2 });
    expect(trained).toMatchObject({ champion: 'bg-nbd', boosted: null, lstms: null });
    expect(trained.note).toMatch(/^11 months of history, 15 are needed$/);
    expect(Object.keys(trained.backTest?.models ?? {})).toContain('markov');
    expect(trained.backTest?.missing).toContainEqual({
      what: 'boosting, lstm, ensemble',
      why: 'the history is too short for trained models',
    });
    const forecasts = await forecastCustomers(trained, series);
    expectWholeReasons(forecasts, trained, series);
    const byRecency = (isLate: boolean) =>
      mean(
        forecasts
          .filter(
            (_, row) =>
              (series.lastDay[row * 12 + 11] ?? 0) > series.periods.startOf(series.first + 10) === isLate,
          )
          .map(({ churnProbability }) => churnProbability),
      );
    expect(byRecency(true)).toBeLessThan(byRecency(false) - 0.1);
  });

  it('of one-time buyers only, of three customers or of nobody is no reason to fail', async () => {
    const once = generatedShop({ customers: 60, months: 8, seed: 5, leaves: 1 });
    const trained = await trainForecaster(once);
    for (const each of await forecastCustomers(trained, once)) {
      expect(each.expectedSpendMinor).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(each.churnProbability)).toBe(true);
    }
    const three = generatedShop({ customers: 3, months: 7, seed: 6 });
    expect((await trainForecaster(three)).champion).toBe('bg-nbd');
    const nobody = { ...three, customerIds: [], orders: new Float64Array(0), lastDay: new Int32Array(0) };
    await expect(trainForecaster(nobody)).rejects.toThrow('nobody has bought yet');
  });
});
