import { noPurchaseProbability } from '../buy-till-you-die/bg-nbd.js';
import type { GammaGamma } from '../buy-till-you-die/gamma-gamma.js';
import { classOf, type ClassCentroids } from '../segments/classes.js';
import { amountsOf, type BaseForecast, type BaseModel, historyOf, seasonalDays } from './base.js';
import { sumOver, type PurchaseSeries } from './series.js';

/** Purchases that are told apart, and the rest of their probability that is left out. */
const MOST_PURCHASES = 60;
const REST = 1e-4;

/** Means of the fifths of a normal deviate. */
const FIFTHS = [-1.3998, -0.5319, 0, 0.5319, 1.3998];

/** The chances of none, low, medium and high by BG/NBD and Gamma-Gamma alone: purchases as a negative binomial given
 *  that there is one, their mean amount as log-normal with the models' variance.
 *  @param base of all purchases or of repeats, as the forecast */
export function baseClasses(
  base: BaseModel,
  series: PurchaseSeries,
  place: { readonly row: number; readonly observed: number; readonly horizon: number },
  { forecast, centroids }: { readonly forecast: BaseForecast; readonly centroids: ClassCentroids },
): [number, number, number, number] {
  const { row, observed, horizon } = place;
  const history = historyOf(series, row, observed);
  const days = seasonalDays(base.season, series, observed, horizon);
  const ordersADay =
    sumOver(series.orders, series, row, 0, observed) /
    Math.max(1, sumOver(series.days, series, row, 0, observed));
  const shape = base.bgNbd.r + history.repeats;
  const p = days / (base.bgNbd.alpha + history.observed + days);
  const churn = noPurchaseProbability(base.bgNbd, history, days);
  const chances: [number, number, number, number] = [churn, 0, 0, 0];
  const none = (1 - p) ** shape;
  const { purchases: known } = amountsOf(series, row, observed, 'all');
  let [term, mass] = [none, none];
  let left = 1 - churn;
  for (let k = 1; k < MOST_PURCHASES && left > REST; k += 1) {
    term *= ((shape + k - 1) / k) * p;
    mass += term;
    const isLast = k === MOST_PURCHASES - 1 || mass > 1 - REST;
    const chance = isLast ? left : Math.min(left, (term / Math.max(1e-12, 1 - none)) * (1 - churn));
    left -= chance;
    const spread = spreadOf(base.gammaGamma, known, k);
    for (const fifth of FIFTHS) {
      const amount = forecast.amountMinor * base.netShare * Math.exp(spread * fifth - (spread * spread) / 2);
      const own = classOf(Math.max(1, Math.round(k * ordersADay)), k * amount, centroids);
      chances[own] = (chances[own] ?? 0) + chance / FIFTHS.length;
    }
  }
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / total) as [number, number, number, number];
}

/** Deviation of the logarithm of the mean of k purchases. */
function spreadOf({ p, q }: GammaGamma, known: number, k: number): number {
  return Math.sqrt(Math.log1p(1 / (p * k) + 1 / Math.max(1, q + p * known - 2)));
}
