import { HORIZON } from '../forecast/examples.js';
import { outcomeOf } from '../forecast/outcomes.js';
import { knownRows } from '../forecast/base.js';
import { sumOver, type PurchaseSeries } from '../forecast/series.js';
import type { ClassCentroids } from '../segments/classes.js';
import { CLASSES, type ModelForecast } from './model-forecast.js';

/** What customers did in HORIZON periods. */
interface Window {
  readonly spendMinor: Float64Array;
  readonly orders: Float64Array;
  readonly classIndex: Int32Array | null;
}

export function windowOf(
  series: PurchaseSeries,
  rows: ArrayLike<number>,
  from: number,
  centroids: ClassCentroids | null,
): Window {
  const to = from + HORIZON;
  const each = Array.from(rows);
  return {
    spendMinor: Float64Array.from(each, (row) => sumOver(series.netMinor, series, row, from, to)),
    orders: Float64Array.from(each, (row) => sumOver(series.orders, series, row, from, to)),
    classIndex:
      centroids && Int32Array.from(each, (row) => outcomeOf(series, row, { from, to }, centroids).classIndex),
  };
}

/** What was once will be again: the last periods (persistence), or the same ones a year ago. A copy is no chance, so
 *  it ranks customers (by spend) and has no log-loss.
 *  @param from first period of the window that is copied; null when it lies before the series */
export function copied(
  series: PurchaseSeries,
  rows: ArrayLike<number>,
  from: number,
  centroids: ClassCentroids | null,
): ModelForecast | null {
  if (from < 0) return null;
  const { spendMinor, orders, classIndex } = windowOf(series, rows, from, centroids);
  const classes = classIndex && new Float64Array(rows.length * CLASSES);
  classIndex?.forEach((own, index) => classes?.fill(1, index * CLASSES + own, index * CLASSES + own + 1));
  return {
    churnScore: spendMinor.map((spend, index) => -spend - ((orders[index] ?? 0) > 0 ? 1e-3 : 0)),
    isChance: false,
    spendMinor,
    classes,
  };
}

/** A Markov chain of the classes of windows: shares and mean spend of what followed each class in the series, over
 *  all pairs of windows in it. @returns null when there is no pair */
export function markov(
  series: PurchaseSeries,
  rows: ArrayLike<number>,
  centroids: ClassCentroids | null,
): ModelForecast | null {
  if (centroids === null || series.count < 2 * HORIZON) return null;
  const counts = Array.from({ length: CLASSES }, () => new Float64Array(CLASSES).fill(1 / CLASSES));
  const spend = new Float64Array(CLASSES);
  const seen = new Float64Array(CLASSES).fill(1e-9);
  for (let observed = HORIZON; observed + HORIZON <= series.count; observed += 1) {
    const known = knownRows(series, observed);
    const before = windowOf(series, known, observed - HORIZON, centroids);
    const after = windowOf(series, known, observed, centroids);
    known.forEach((_, index) => {
      const [own, next] = [before.classIndex?.[index] ?? 0, after.classIndex?.[index] ?? 0];
      const row = counts[own];
      if (row !== undefined) row[next] = (row[next] ?? 0) + 1;
      spend[own] = (spend[own] ?? 0) + (after.spendMinor[index] ?? 0);
      seen[own] = (seen[own] ?? 0) + 1;
    });
  }
  const shares = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => count / total);
  });
  const now = windowOf(series, rows, series.count - HORIZON, centroids).classIndex ?? new Int32Array(0);
  const classes = new Float64Array(now.length * CLASSES);
  now.forEach((own, index) => classes.set(shares[own] ?? [], index * CLASSES));
  return {
    churnScore: Float64Array.from(now, (own) => shares[own]?.[0] ?? 0),
    isChance: true,
    spendMinor: Float64Array.from(now, (own) => (spend[own] ?? 0) / (seen[own] ?? 1)),
    classes,
  };
}
