import { describe, expect, it } from 'vitest';
import { logLoss } from '../back-test/metrics.js';
import { generatedShop } from '../testing/generated-shop.js';
import { fitBase } from './base.js';
import { predictBoosted } from './boosted.js';
import { examplesAt } from './examples.js';
import { shortened, type PurchaseSeries } from './series.js';
import { windowOf } from '../back-test/baselines.js';
import { fittedClasses } from './train.js';
import { trainModels } from './trained.js';

const OBSERVED = 21;

/** Log-loss of who buys nothing in the three months after the 21st. */
async function churnLossOf(series: PurchaseSeries): Promise<number> {
  const train = shortened(series, OBSERVED);
  const [base, centroids] = [fitBase(train), fittedClasses(train)];
  if (centroids === null) throw new Error('expected classes');
  const models = await trainModels({
    series: train,
    base,
    centroids,
    mostCustomers: 2_000,
    seed: 1,
    withLstm: false,
  });
  if (typeof models === 'string') throw new Error(models);
  const examples = examplesAt(train, base, [OBSERVED], centroids);
  const { churn } = predictBoosted(models.boosted, examples, base.unitMinor);
  const { orders } = windowOf(series, examples.rows, OBSERVED, null);
  const targets = orders.map((count) => (count > 0 ? 0 : 1));
  return logLoss(churn, targets, new Float64Array(churn.length).fill(1));
}

/** What visits and satisfaction change of that loss. */
async function gainOf(cameras: 'noise' | 'telling'): Promise<number> {
  const series = generatedShop({ customers: 700, months: 24, seed: 11, leaves: 0.15, cameras });
  const { signals: _, ...blind } = series;
  return (await churnLossOf(blind)) - (await churnLossOf(series));
}

describe('visits and satisfaction', () => {
  it('help where they tell who leaves, in a generated shop', { timeout: 120_000 }, async () => {
    expect(await gainOf('telling')).toBeGreaterThan(0.02);
  });

  it('change next to nothing where they are noise', { timeout: 120_000 }, async () => {
    expect(Math.abs(await gainOf('noise'))).toBeLessThan(0.01);
  });
});
