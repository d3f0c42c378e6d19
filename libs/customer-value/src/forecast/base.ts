import { z } from 'zod';
import {
  aliveProbability,
  BgNbd,
  expectedPurchases,
  fitBgNbd,
  noPurchaseProbability,
  type PurchaseHistory,
} from '../buy-till-you-die/bg-nbd.js';
import { expectedAmount, fitGammaGamma, GammaGamma } from '../buy-till-you-die/gamma-gamma.js';
import { dayAfter, isKnown, sumOver, type PurchaseSeries } from './series.js';

/** BG/NBD and Gamma-Gamma of a shop with its seasons. */
export const BaseModel = z.strictObject({
  bgNbd: BgNbd,
  gammaGamma: GammaGamma,
  /** Purchases in a period of the year over what BG/NBD expects, one per period of the year; 1 where unknown. */
  season: z.array(z.number().positive()),
  /** Net spend over purchases without refunds. */
  netShare: z.number().positive(),
  /** Mean amount of a day with a purchase, minor units: the models' unit of money. */
  unitMinor: z.number().positive(),
});
export type BaseModel = z.infer<typeof BaseModel>;

/** How Gamma-Gamma counts: `all` purchases, or `repeats` only, as its paper and `lifetimes` do. All tell more:
 *  six in ten customers have no repeat. */
export type AmountsOf = 'all' | 'repeats';

/** The customer's history after `observed` periods, in days. */
export function historyOf(series: PurchaseSeries, row: number, observed: number): PurchaseHistory {
  const firstDay = series.firstDay[row] ?? 0;
  const lastDay = series.lastDay[row * series.count + observed - 1] ?? firstDay;
  return {
    repeats: Math.max(0, sumOver(series.days, series, row, 0, observed) - 1),
    lastAfter: Math.max(0, lastDay - firstDay),
    observed: dayAfter(series, observed) - firstDay,
  };
}

/** Purchases that Gamma-Gamma knows of and their mean amount in minor units. */
export function amountsOf(series: PurchaseSeries, row: number, observed: number, kind: AmountsOf) {
  const days = sumOver(series.days, series, row, 0, observed);
  const gross = sumOver(series.grossMinor, series, row, 0, observed);
  const purchases = kind === 'all' ? days : days - 1;
  const sum = kind === 'all' ? gross : gross - (series.firstDayMinor[row] ?? 0);
  return { purchases, meanMinor: purchases > 0 ? Math.max(0, sum) / purchases : 0 };
}

/** Fits the whole of the series, without seasons, to those who bought in it. @throws RangeError when nobody did */
export function fitBase(series: PurchaseSeries, kind: AmountsOf = 'all'): BaseModel {
  const rows = knownRows(series, series.count);
  const histories = rows.map((row) => historyOf(series, row, series.count));
  const { parameters: bgNbd } = fitBgNbd({
    repeats: histories.map(({ repeats }) => repeats),
    lastAfter: histories.map(({ lastAfter }) => lastAfter),
    observed: histories.map(({ observed }) => observed),
  });
  const [gross, net, days] = [series.grossMinor, series.netMinor, series.days].map((column) =>
    Math.max(
      1,
      column.reduce((sum, value) => sum + value, 0),
    ),
  ) as [number, number, number];
  return {
    bgNbd,
    gammaGamma: fitAmounts(series, kind),
    season: new Array<number>(series.periods.perYear).fill(1),
    netShare: net / gross,
    unitMinor: gross / days,
  };
}

/** Gamma-Gamma of the series' customers; without any amount of this kind, amounts are what they were. */
export function fitAmounts(series: PurchaseSeries, kind: AmountsOf): GammaGamma {
  const amounts = knownRows(series, series.count).map((row) => amountsOf(series, row, series.count, kind));
  const spend = {
    purchases: amounts.map(({ purchases }) => purchases),
    meanAmount: amounts.map(({ meanMinor }) => meanMinor),
  };
  if (spend.meanAmount.some((mean) => mean > 0)) return fitGammaGamma(spend).parameters;
  const all = amountsOfAll(series);
  return { p: 1, q: 2, v: Math.max(1, all) };
}

function amountsOfAll(series: PurchaseSeries): number {
  const [gross, days] = [series.grossMinor, series.days].map((column) =>
    column.reduce((sum, value) => sum + value, 0),
  ) as [number, number];
  return gross / Math.max(1, days);
}

/** What BG/NBD and Gamma-Gamma say of one customer's next periods. */
export interface BaseForecast {
  /** Probability of no purchase. */
  readonly churn: number;
  readonly purchases: number;
  readonly amountMinor: number;
  readonly spendMinor: number;
  readonly alive: number;
}

/** @param horizon periods ahead; their days count longer or shorter by the season
 *  @param kind as the model was fitted */
export function baseForecast(
  { bgNbd, gammaGamma, season, netShare }: BaseModel,
  series: PurchaseSeries,
  { row, observed, horizon }: { row: number; observed: number; horizon: number },
  kind: AmountsOf = 'all',
): BaseForecast {
  const history = historyOf(series, row, observed);
  const days = seasonalDays(season, series, observed, horizon);
  const { purchases: known, meanMinor } = amountsOf(series, row, observed, kind);
  const purchases = expectedPurchases(bgNbd, history, days);
  const expected = expectedAmount(gammaGamma, known, meanMinor);
  const amountMinor = Number.isFinite(expected) ? expected : meanMinor;
  return {
    churn: noPurchaseProbability(bgNbd, history, days),
    purchases,
    amountMinor,
    spendMinor: purchases * amountMinor * netShare,
    alive: aliveProbability(bgNbd, history),
  };
}

/** Days of the next periods, each stretched by its season. */
export function seasonalDays(
  season: readonly number[],
  series: PurchaseSeries,
  observed: number,
  horizon: number,
): number {
  let days = 0;
  for (let ahead = 0; ahead < horizon; ahead += 1) {
    const length = dayAfter(series, observed + ahead + 1) - dayAfter(series, observed + ahead);
    days += length * (season[placeInYear(series, observed + ahead)] ?? 1);
  }
  return days;
}

/** Index into the seasons of the period that follows `observed` others. */
export function placeInYear(series: PurchaseSeries, observed: number): number {
  const { perYear } = series.periods;
  return (((series.first + observed) % perYear) + perYear) % perYear;
}

/** Rows of the customers known after `observed` periods. */
export function knownRows(series: PurchaseSeries, observed: number): number[] {
  return series.customerIds.flatMap((_, row) => (isKnown(series, row, observed) ? [row] : []));
}
