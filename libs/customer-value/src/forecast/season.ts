import { expectedPurchases } from '../buy-till-you-die/bg-nbd.js';
import { historyOf, knownRows, placeInYear, type BaseModel } from './base.js';
import { dayAfter, type PurchaseSeries } from './series.js';

/** A season seen in a single year is half chance and half trend, so only this share of it is believed; each
 *  further year halves the doubt. Set without looking at any forecast. */
const DOUBT_AFTER_ONE_YEAR = 0.5;

/** A period's customers are too few below this to say anything about its season. */
const LEAST_EXPECTED = 20;

/** The model with the seasons that its series shows: in each period, the days with a purchase of customers known
 *  before over what the model expected of them, relative to the mean of all periods. */
export function withSeason(model: BaseModel, series: PurchaseSeries): BaseModel {
  const ratios = new Map<number, number[]>();
  for (let observed = 1; observed < series.count; observed += 1) {
    const ratio = ratioIn(model, series, observed);
    if (ratio === null) continue;
    const place = placeInYear(series, observed);
    ratios.set(place, [...(ratios.get(place) ?? []), Math.log(ratio)]);
  }
  if (series.count < series.periods.perYear) return model;
  const all = [...ratios.values()].flat();
  const middle = all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
  const season = model.season.map((_, place) => {
    const seen = ratios.get(place) ?? [];
    const mean = seen.reduce((sum, value) => sum + value - middle, 0) / Math.max(1, seen.length);
    return Math.exp(mean * (1 - DOUBT_AFTER_ONE_YEAR ** seen.length));
  });
  return { ...model, season };
}

function ratioIn({ bgNbd }: BaseModel, series: PurchaseSeries, observed: number): number | null {
  const days = dayAfter(series, observed + 1) - dayAfter(series, observed);
  let [expected, actual] = [0, 0];
  for (const row of knownRows(series, observed)) {
    expected += expectedPurchases(bgNbd, historyOf(series, row, observed), days);
    actual += series.days[row * series.count + observed] ?? 0;
  }
  return expected < LEAST_EXPECTED || actual === 0 ? null : actual / expected;
}
