import type { ForecastView } from '@regulars/contracts';
import {
  aliveProbability,
  BgNbd,
  classOf,
  CUSTOMER_CLASSES,
  dateOfDay,
  expectedAmount,
  expectedPurchases,
  GammaGamma,
  noPurchaseProbability,
  type ClassCentroids,
  type PurchaseHistory,
} from '@regulars/customer-value';
import type { CustomerValue } from '@regulars/persistence';
import { z } from 'zod';

/** What is forecast. */
export const HORIZON_MONTHS = 3;
const HORIZON_DAYS = 91;
/** Less history than this and BG/NBD is the better model (docs/value.md). */
export const ENOUGH_MONTHS = 15;
/** An expected purchase further away than this is none. */
const FAR_DAYS = 365;
/** Purchases in the horizon that are told apart. */
const MOST_PURCHASES = 400;

/** The model that serves, as it is stored. Times in days. */
export const ServingModel = z.strictObject({
  name: z.string(),
  note: z.string().nullable(),
  bgNbd: BgNbd,
  /** Spend per day with a purchase, by currency; a customer's own mean where there is none. */
  gammaGamma: z.record(z.string(), GammaGamma),
  fittedAt: z.string(),
});
export type ServingModel = z.infer<typeof ServingModel>;

/** For a shop with too few customers to fit anything to: the published parameters of CDNOW (Fader, Hardie and
 *  Lee 2005, table 2), weeks turned into days. */
export const STARTING_MODEL: ServingModel = {
  name: 'bg-nbd',
  note: 'too few customers to learn from: parameters of another shop',
  bgNbd: { r: 0.2426, alpha: 4.4135 * 7, a: 0.7929, b: 2.4258 },
  gammaGamma: {},
  fittedAt: '2005-01-01T00:00:00.000Z',
};

/** A customer's history in days with a purchase, as BG/NBD counts it.
 *  @param day the day of reading */
export function historyOf({ firstDay, lastDay, days }: CustomerValue, day: number): PurchaseHistory {
  return {
    repeats: days - 1,
    lastAfter: lastDay - firstDay,
    observed: Math.max(day, lastDay) - firstDay,
  };
}

/** The next three months of one customer; a closed form, some microseconds.
 *  @param centroids of the customer's currency; without them no classes are told apart */
export function forecastOf(
  value: CustomerValue,
  model: ServingModel,
  centroids: ClassCentroids | null,
  day: number,
): ForecastView {
  const { bgNbd } = model;
  const history = historyOf(value, day);
  const churnProbability = clamp(noPurchaseProbability(bgNbd, history, HORIZON_DAYS), 0, 1);
  const amount = amountOf(value, model);
  const purchases = purchasesOf(model, history, churnProbability);
  const expected = Math.max(0, expectedPurchases(bgNbd, history, HORIZON_DAYS)) * amount;
  return {
    from: dateOfDay(Math.max(day, value.lastDay)),
    months: HORIZON_MONTHS,
    currency: value.currency,
    expectedSpendMinor: Math.round(expected * 100) / 100,
    spendRangeMinor: {
      low: Math.round(quantileOf(purchases, 0.1) * amount),
      high: Math.round(quantileOf(purchases, 0.9) * amount),
    },
    churnProbability,
    classes: centroids && classesOf(purchases, amount, centroids),
    nextPurchaseOn: nextPurchaseOf(model, history, Math.max(day, value.lastDay)),
    model: model.name,
    note: model.note,
  };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function amountOf({ currency, days, netMinor }: CustomerValue, { gammaGamma }: ServingModel): number {
  const mean = netMinor / days;
  const fitted = gammaGamma[currency];
  const expected = fitted && mean > 0 ? expectedAmount(fitted, days, mean) : mean;
  return Number.isFinite(expected) ? expected : mean;
}

/** Probability of 0, 1, 2, ... purchases in the horizon: of none as BG/NBD says, of more in the proportions of
 *  the customer's own rate (negative binomial), leaving in between not considered. */
function purchasesOf({ bgNbd }: ServingModel, history: PurchaseHistory, churn: number): number[] {
  const shape = bgNbd.r + history.repeats;
  const p = HORIZON_DAYS / (bgNbd.alpha + history.observed + HORIZON_DAYS);
  const none = (1 - p) ** shape;
  const probabilities = [churn];
  let mass = none;
  let term = none;
  for (let k = 1; k < MOST_PURCHASES && mass < 1 - 1e-6; k++) {
    term *= ((shape + k - 1) / k) * p;
    mass += term;
    probabilities.push(none < 1 ? (term / (1 - none)) * (1 - churn) : 0);
  }
  return probabilities;
}

function quantileOf(probabilities: readonly number[], share: number): number {
  let sum = 0;
  for (const [purchases, probability] of probabilities.entries()) {
    sum += probability;
    if (sum >= share) return purchases;
  }
  return probabilities.length - 1;
}

function classesOf(
  purchases: readonly number[],
  amount: number,
  centroids: ClassCentroids,
): NonNullable<ForecastView['classes']> {
  const classes = { none: 0, low: 0, medium: 0, high: 0 };
  const total = purchases.reduce((sum, probability) => sum + probability, 0);
  for (const [orders, probability] of purchases.entries()) {
    const name = CUSTOMER_CLASSES[classOf(orders, orders * amount, centroids)] ?? 'none';
    classes[name] = clamp(classes[name] + probability / total, 0, 1);
  }
  return classes;
}

/** The day by which a customer who has not left will have bought with even odds.
 *  @returns null when it is likelier that the customer has left, or the day is too far away */
function nextPurchaseOf({ bgNbd }: ServingModel, history: PurchaseHistory, day: number): string | null {
  if (aliveProbability(bgNbd, history) < 0.5) return null;
  const waits = (bgNbd.alpha + history.observed) * (2 ** (1 / (bgNbd.r + history.repeats)) - 1);
  return waits > FAR_DAYS ? null : dateOfDay(day + Math.max(1, Math.round(waits)));
}
