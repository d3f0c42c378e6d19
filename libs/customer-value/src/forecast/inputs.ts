import { aliveProbability, noPurchaseProbability } from '../buy-till-you-die/bg-nbd.js';
import { expectedAmount } from '../buy-till-you-die/gamma-gamma.js';
import { logit } from '../buy-till-you-die/special.js';
import { seasonalDays, type BaseModel } from './base.js';
import type { FeatureGroup } from './features.js';
import { dayAfter, type PurchaseSeries } from './series.js';

/** What the LSTM sees of a customer after each period, and the group under which a reason is told. All are about
 *  between -3 and 3. */
export const INPUTS: readonly (readonly [string, FeatureGroup])[] = [
  ['net', 'spend'],
  ['orders', 'frequency'],
  ['hasBought', 'frequency'],
  ['refunds', 'refunds'],
  ['recency', 'recency'],
  ['tenure', 'tenure'],
  ['repeats', 'frequency'],
  ['churnLogit', 'recency'],
  ['alive', 'recency'],
  ['expectedAmount', 'spend'],
  ['expectedRate', 'frequency'],
  ['season', 'season'],
  ['firstPurchaseAfter', 'tenure'],
  ['recencyOverGap', 'rhythm'],
];

/** Sequences of customers over the series' periods. */
export interface Sequences {
  /** [customer][period][input]; zeros before a customer's first purchase. */
  readonly values: Float32Array;
  readonly periods: number;
}

/** @param horizon periods that a forecast covers
 *  @param rows customers whose sequences are wanted; all when absent */
export function lstmInputs(
  model: BaseModel,
  series: PurchaseSeries,
  horizon: number,
  rows: ArrayLike<number> = Int32Array.from(series.customerIds.keys()),
): Sequences {
  const { count } = series;
  const inputs = new Float32Array(rows.length * count * INPUTS.length);
  const windows = Array.from({ length: count }, (_, period) =>
    windowAfter(model, series, period + 1, horizon),
  );
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? 0;
    let [days, gross] = [0, 0];
    for (let period = 0; period < count; period += 1) {
      const at = row * count + period;
      days += series.days[at] ?? 0;
      gross += series.grossMinor[at] ?? 0;
      const window = windows[period];
      if (days === 0 || window === undefined) continue;
      const firstDay = series.firstDay[row] ?? 0;
      const history = {
        repeats: days - 1,
        lastAfter: (series.lastDay[at] ?? 0) - firstDay,
        observed: window.startDay - firstDay,
      };
      const values = inputsOf(model, series, { row, at }, { history, window, days, meanMinor: gross / days });
      inputs.set(values, (place * count + period) * INPUTS.length);
    }
  }
  return { values: inputs, periods: count };
}

interface Window {
  readonly startDay: number;
  readonly days: number;
  readonly season: number;
}

function windowAfter(model: BaseModel, series: PurchaseSeries, observed: number, horizon: number): Window {
  const startDay = dayAfter(series, observed);
  const days = seasonalDays(model.season, series, observed, horizon);
  return { startDay, days, season: Math.log(days / (dayAfter(series, observed + horizon) - startDay)) };
}

interface Moment {
  readonly history: { readonly repeats: number; readonly lastAfter: number; readonly observed: number };
  readonly window: Window;
  readonly days: number;
  readonly meanMinor: number;
}

function inputsOf(
  { bgNbd, gammaGamma, unitMinor }: BaseModel,
  series: PurchaseSeries,
  { row, at }: { readonly row: number; readonly at: number },
  { history, window, days, meanMinor }: Moment,
): number[] {
  const alive = aliveProbability(bgNbd, history);
  const amount = expectedAmount(gammaGamma, days, meanMinor);
  const rate = (alive * (bgNbd.r + history.repeats)) / (bgNbd.alpha + history.observed);
  return [
    Math.log1p((series.netMinor[at] ?? 0) / unitMinor),
    Math.log1p(series.orders[at] ?? 0),
    (series.orders[at] ?? 0) > 0 ? 1 : 0,
    Math.log1p((series.refundsMinor[at] ?? 0) / unitMinor),
    Math.log1p(history.observed - history.lastAfter) / 3,
    Math.log1p(history.observed) / 3,
    Math.log1p(history.repeats),
    logit(noPurchaseProbability(bgNbd, history, window.days)) / 2,
    2 * alive - 1,
    Math.log((Number.isFinite(amount) ? amount : meanMinor) / unitMinor + 1e-3),
    Math.log(rate * window.days + 1e-4) / 2,
    4 * window.season,
    ((series.firstDay[row] ?? 0) - dayAfter(series, 0)) / 365,
    history.repeats > 0
      ? Math.log1p(
          ((history.observed - history.lastAfter) * history.repeats) / Math.max(1, history.lastAfter),
        ) / 2
      : 0,
  ];
}
