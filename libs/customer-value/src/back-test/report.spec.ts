import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '@regulars/contracts/random';
import type { ModelForecast } from './model-forecast.js';
import type { OriginForecasts } from './origin.js';
import { reportOf } from './report.js';

const CUSTOMERS = 400;

/** Customers who stay away with the chance that the first model says; the second one knows nothing. */
function origin(seed: number): OriginForecasts {
  const random = randomOf(seed);
  const chance = Float64Array.from({ length: CUSTOMERS }, () => random());
  const churn = chance.map((p) => (random() < p ? 1 : 0));
  const spendMinor = churn.map((stays) => (stays === 1 ? 0 : 1_000 * Math.exp(0.3 * normalOf(random))));
  const classIndex = Int32Array.from(churn, (stays) => (stays === 1 ? 0 : 1));
  const model = (churnScore: Float64Array): ModelForecast => ({
    churnScore,
    isChance: true,
    spendMinor: churnScore.map((p) => 500 * (1 - p)),
    classes: Float64Array.from({ length: CUSTOMERS * 4 }, (_, at) => {
      const p = churnScore[Math.floor(at / 4)] ?? 0;
      return at % 4 === 0 ? p : at % 4 === 1 ? 1 - p : 0;
    }),
  });
  return {
    origin: `2021-0${seed}-28`,
    outcomesKnownOn: `2021-0${seed + 3}-28`,
    rows: Array.from({ length: CUSTOMERS }, (_, row) => row),
    actual: { churn, spendMinor, classIndex, classBefore: new Int32Array(CUSTOMERS) },
    models: new Map([
      ['bg-nbd', model(new Float64Array(CUSTOMERS).fill(0.5))],
      ['ensemble', model(chance)],
      ['copy', { ...model(churn), isChance: false }],
    ]),
    missing: seed === 1 ? [{ what: 'seasonal-naive', why: 'less than a year of history' }] : [],
  };
}

describe('the report of a back-test', () => {
  const report = reportOf([origin(1), origin(2)], CUSTOMERS, { draws: 100, seed: 1 });
  const figure = (model: string, metric: string) => report.models[model]?.[metric];

  it('tells means over the origins, with intervals around them', () => {
    const auc = figure('ensemble', 'churnAuc');
    const each = report.origins.map(({ models }) => models['ensemble']?.['churnAuc'] ?? NaN);
    expect(auc?.value).toBeCloseTo(((each[0] ?? 0) + (each[1] ?? 0)) / 2, 12);
    expect(auc?.low).toBeLessThan(auc?.value ?? 0);
    expect(auc?.high).toBeGreaterThan(auc?.value ?? 1);
    // A score that is the chance itself ranks a third of all pairs wrongly by chance alone: 5/6 are right.
    expect(auc?.value).toBeCloseTo(5 / 6, 1);
    expect(figure('bg-nbd', 'churnAuc')?.value).toBe(0.5);
    expect(figure('bg-nbd', 'churnLogLoss')?.value).toBeCloseTo(Math.LN2, 9);
  });

  it('compares spend at equal totals with BG/NBD, so that a factor changes nothing', () => {
    expect(figure('bg-nbd', 'maeRatio')?.value).toBe(1);
    expect(figure('ensemble', 'maeRatio')?.value).toBeLessThan(0.9);
    const doubled = [origin(1), origin(2)].map((each) => ({
      ...each,
      models: new Map(
        [...each.models].map(([name, own]) => [
          name,
          { ...own, spendMinor: own.spendMinor?.map((x) => 2 * x) ?? null },
        ]),
      ),
    }));
    const again = reportOf(doubled, CUSTOMERS, { draws: 1, seed: 1 });
    expect(again.models['ensemble']?.['maeRatio']?.value).toBeCloseTo(
      figure('ensemble', 'maeRatio')?.value ?? 0,
      9,
    );
    expect(again.models['ensemble']?.['totalRatio']?.value).toBeCloseTo(
      2 * (figure('ensemble', 'totalRatio')?.value ?? 0),
      9,
    );
  });

  it('leaves out what a model does not say, and tells why', () => {
    expect(figure('copy', 'churnLogLoss')).toBeUndefined();
    expect(figure('copy', 'score')).toBeUndefined();
    expect(figure('copy', 'churnAuc')?.value).toBe(1);
    expect(report.missing).toEqual([
      { what: 'seasonal-naive', why: 'less than a year of history (at 1 of 2 origins)' },
    ]);
  });

  it('scores the better model surely below 0', () => {
    expect(figure('ensemble', 'score')?.high).toBeLessThan(0);
    expect(figure('bg-nbd', 'score')?.value).toBe(0);
  });
});
