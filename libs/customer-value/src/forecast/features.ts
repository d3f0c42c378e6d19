import { logit } from '../buy-till-you-die/special.js';
import { baseForecast, historyOf, seasonalDays, type BaseForecast, type BaseModel } from './base.js';
import { dayAfter, sumOver, type PurchaseSeries, type VisitSignals } from './series.js';

/** What the trees see of a customer, and the group under which a reason is told. */
export const FEATURES = [
  ['churnLogit', 'recency'],
  ['expectedPurchases', 'frequency'],
  ['expectedAmount', 'spend'],
  ['expectedSpend', 'spend'],
  ['alive', 'recency'],
  ['recency', 'recency'],
  ['tenure', 'tenure'],
  ['repeats', 'frequency'],
  ['recencyOverTenure', 'recency'],
  ['recencyOverGap', 'rhythm'],
  ['orders1', 'frequency'],
  ['orders3', 'frequency'],
  ['orders6', 'frequency'],
  ['orders12', 'frequency'],
  ['net1', 'spend'],
  ['net3', 'spend'],
  ['net6', 'spend'],
  ['net12', 'spend'],
  ['activePeriods6', 'frequency'],
  ['activePeriods', 'frequency'],
  ['netBefore3', 'trend'],
  ['trend', 'trend'],
  ['ordersYearAgo', 'season'],
  ['netYearAgo', 'season'],
  ['refundShare', 'refunds'],
  ['longestGap', 'rhythm'],
  ['gapSpread', 'rhythm'],
  ['lastAmount', 'spend'],
  ['season', 'season'],
  ['firstPurchaseAfter', 'tenure'],
] as const;
/** Further ones where cameras saw the customers. */
export const SIGNAL_FEATURES = [
  ['visitDays1', 'visits'],
  ['visitDays3', 'visits'],
  ['visitsWithoutPurchase3', 'visits'],
  ['lastSatisfaction', 'satisfaction'],
  ['satisfaction3', 'satisfaction'],
  ['satisfactionTrend', 'satisfaction'],
] as const;

export type FeatureGroup = (typeof FEATURES | typeof SIGNAL_FEATURES)[number][1];

/** Name and group of the features of a series, in their order. */
export function featuresOf({
  signals,
}: Pick<PurchaseSeries, 'signals'>): readonly (readonly [string, FeatureGroup])[] {
  return signals === undefined ? FEATURES : [...FEATURES, ...SIGNAL_FEATURES];
}

/** Where in the series a forecast is made. */
export interface Place {
  readonly row: number;
  /** Periods known; the forecast begins after them. */
  readonly observed: number;
  /** Periods ahead. */
  readonly horizon: number;
}

/** Writes the customer's features to `target` from `at`; NaN where there is nothing to go by.
 *  @returns the base forecast that they begin with */
export function writeFeatures(
  model: BaseModel,
  series: PurchaseSeries,
  place: Place,
  { target, at }: { target: Float64Array; at: number },
): BaseForecast {
  const { row, observed, horizon } = place;
  const base = baseForecast(model, series, place);
  const { repeats, lastAfter, observed: tenure } = historyOf(series, row, observed);
  const recency = tenure - lastAfter;
  const orders = (periods: number) => sumOver(series.orders, series, row, observed - periods, observed);
  const net = (from: number, to: number) =>
    Math.log1p(sumOver(series.netMinor, series, row, observed - from, observed - to) / model.unitMinor);
  const gross = sumOver(series.grossMinor, series, row, 0, observed);
  const { active, longest, spread, lastMinor } = rhythmOf(series, row, observed);
  const { perYear } = series.periods;
  const hasYear = observed >= perYear;
  const [yearFrom, yearTo] = [observed - perYear, observed - perYear + horizon];
  const plainDays = dayAfter(series, observed + horizon) - dayAfter(series, observed);
  target.set(
    [
      logit(base.churn),
      Math.log(base.purchases + 1e-6),
      Math.log(base.amountMinor / model.unitMinor + 1e-6),
      Math.log(base.spendMinor / model.unitMinor + 1e-6),
      base.alive,
      recency,
      tenure,
      repeats,
      recency / Math.max(1, tenure),
      repeats > 0 ? recency / Math.max(1, lastAfter / repeats) : NaN,
      orders(1),
      orders(3),
      orders(6),
      orders(12),
      net(1, 0),
      net(3, 0),
      net(6, 0),
      net(12, 0),
      active.filter((period) => period >= observed - 6).length,
      active.length,
      net(6, 3),
      net(3, 0) - net(6, 3),
      hasYear ? sumOver(series.orders, series, row, yearFrom, yearTo) : NaN,
      hasYear ? Math.log1p(sumOver(series.netMinor, series, row, yearFrom, yearTo) / model.unitMinor) : NaN,
      gross > 0 ? sumOver(series.refundsMinor, series, row, 0, observed) / gross : 0,
      longest,
      spread,
      Math.log1p(lastMinor / model.unitMinor),
      Math.log(seasonalDays(model.season, series, observed, horizon) / plainDays),
      (series.firstDay[row] ?? 0) - dayAfter(series, 0),
    ],
    at,
  );
  if (series.signals !== undefined)
    target.set(signalsOf(series.signals, series, row, observed), at + FEATURES.length);
  return base;
}

function signalsOf(
  { visitDays, satisfaction }: VisitSignals,
  series: PurchaseSeries,
  row: number,
  observed: number,
): number[] {
  const seen = (periods: number) => sumOver(visitDays, series, row, observed - periods, observed);
  const bought = sumOver(series.days, series, row, observed - 3, observed);
  const own = satisfaction.subarray(row * series.count, row * series.count + observed);
  const scored = Array.from(own.filter((value) => !Number.isNaN(value)));
  const late = Array.from(own.slice(-3).filter((value) => !Number.isNaN(value)));
  const [mean, lately] = [meanOf(scored), meanOf(late)];
  return [seen(1), seen(3), Math.max(0, seen(3) - bought), scored.at(-1) ?? NaN, lately, lately - mean];
}

/** NaN of none. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Periods with a purchase, and how evenly they lie. */
function rhythmOf(series: PurchaseSeries, row: number, observed: number) {
  const active: number[] = [];
  for (let period = 0; period < observed; period += 1)
    if ((series.orders[row * series.count + period] ?? 0) > 0) active.push(period);
  const gaps = active.slice(1).map((period, index) => period - (active[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / Math.max(1, gaps.length);
  const last = row * series.count + (active.at(-1) ?? 0);
  return {
    active,
    longest: gaps.length > 0 ? Math.max(...gaps) : NaN,
    spread: gaps.length > 1 ? Math.sqrt(variance) / mean : NaN,
    lastMinor: (series.grossMinor[last] ?? 0) / Math.max(1, series.days[last] ?? 1),
  };
}
