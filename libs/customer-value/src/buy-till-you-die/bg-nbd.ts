import { z } from 'zod';
import { minimise, standardErrors } from './minimise.js';
import { hypSeries, logGamma, logHypSeries, logSum } from './special.js';

/** Parameters of BG/NBD (Fader, Hardie and Lee 2005): purchase rates are gamma (r, alpha) over the customers,
 *  the chance to leave after a purchase is beta (a, b). Time in the unit of the histories. */
export const BgNbd = z.strictObject({
  r: z.number().positive(),
  alpha: z.number().positive(),
  a: z.number().positive(),
  b: z.number().positive(),
});
export type BgNbd = z.infer<typeof BgNbd>;

/** Purchase histories, one entry per customer in each list; one unit of time throughout. */
export interface PurchaseHistories {
  /** Purchases after the first, days with several counting once. */
  readonly repeats: ArrayLike<number>;
  /** From the first purchase to the last; 0 when there is one only. */
  readonly lastAfter: ArrayLike<number>;
  /** From the first purchase to the end of observation. */
  readonly observed: ArrayLike<number>;
}

export interface BgNbdFit {
  readonly parameters: BgNbd;
  /** 95 % interval of each parameter, from the curvature of the likelihood; NaN where that is flat. */
  readonly intervals: Readonly<Record<keyof BgNbd, readonly [number, number]>>;
  /** Mean over the customers. */
  readonly logLikelihood: number;
  readonly isSettled: boolean;
}

/** Maximum likelihood. @throws RangeError without customers */
export function fitBgNbd(histories: PurchaseHistories): BgNbdFit {
  const count = histories.repeats.length;
  if (count === 0) throw new RangeError('BG/NBD needs at least one customer');
  const likelihood = meanLogLikelihood(histories);
  const negative = (logs: readonly number[]) => -likelihood(parametersOf(logs)) + barrier(logs);
  const scale = Array.from(histories.observed).reduce((sum, time) => sum + time, 0) / count;
  const { at, value, isSettled } = minimise(negative, [0, Math.log(Math.max(scale, 1e-6)), 0, 0]);
  const errors = standardErrors((logs) => count * negative(logs), at);
  const bounds = at.map(
    (log, d) =>
      [Math.exp(log - 1.96 * (errors[d] ?? NaN)), Math.exp(log + 1.96 * (errors[d] ?? NaN))] as const,
  );
  const none = [NaN, NaN] as const;
  return {
    parameters: parametersOf(at),
    intervals: { r: bounds[0] ?? none, alpha: bounds[1] ?? none, a: bounds[2] ?? none, b: bounds[3] ?? none },
    logLikelihood: -value,
    isSettled,
  };
}

/** Without it, customers of whom nobody leaves (or buys) drive a parameter out of what a double can hold. */
function barrier(logs: readonly number[]): number {
  return logs.reduce((sum, log) => sum + Math.max(0, Math.abs(log) - 12) ** 2, 0);
}

function parametersOf([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]): BgNbd {
  return { r: Math.exp(r), alpha: Math.exp(alpha), a: Math.exp(a), b: Math.exp(b) };
}

function meanLogLikelihood({
  repeats,
  lastAfter,
  observed,
}: PurchaseHistories): (parameters: BgNbd) => number {
  const count = repeats.length;
  const most = Array.from(repeats).reduce((high, value) => Math.max(high, value), 0);
  const customersWith = new Float64Array(most + 1);
  for (let i = 0; i < count; i += 1)
    customersWith[repeats[i] ?? 0] = (customersWith[repeats[i] ?? 0] ?? 0) + 1;
  return ({ r, alpha, a, b }) => {
    const fixed = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b);
    let sum = fixed * count;
    customersWith.forEach((customers, x) => {
      if (customers > 0) sum += customers * (logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x));
    });
    for (let i = 0; i < count; i += 1) {
      const x = repeats[i] ?? 0;
      const stays = -(r + x) * Math.log(alpha + (observed[i] ?? 0));
      sum +=
        x === 0
          ? stays
          : logSum(stays, Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + (lastAfter[i] ?? 0)));
    }
    return sum / count;
  };
}

/** One customer's history, as in PurchaseHistories. */
export interface PurchaseHistory {
  readonly repeats: number;
  readonly lastAfter: number;
  readonly observed: number;
}

/** Probability that the customer has not left. A customer without a repeat cannot have left in this model. */
export function aliveProbability(
  { r, alpha, a, b }: BgNbd,
  { repeats: x, lastAfter, observed }: PurchaseHistory,
): number {
  if (x === 0) return 1;
  const odds = (a / (b + x - 1)) * Math.exp((r + x) * Math.log((alpha + observed) / (alpha + lastAfter)));
  return 1 / (1 + odds);
}

/** Beyond this Euler's transform, whose series is the shorter one, overflows or has large terms that cancel. */
const MOST_FOR_EULER = 20;

/** Expected purchases in the next `time`. Given that the customer is still there, the chance p to leave is beta
 *  (a, b + x), so this is the mean of (1 - (1 + p time / (alpha + observed))^-(r + x)) / p over p.
 *  @returns finite for all positive parameters, also those of a population that never or always leaves: between the
 *  chance of a purchase and what a customer who never leaves is expected to buy */
export function expectedPurchases(parameters: BgNbd, history: PurchaseHistory, time: number): number {
  const { r, alpha, a, b } = parameters;
  const { repeats: x, observed } = history;
  const alive = aliveProbability(parameters, history);
  const least = 1 - noPurchaseProbability(parameters, history, time);
  const most = (alive * (r + x) * time) / (alpha + observed);
  const whileThere = untilLeaving({ r: r + x, alpha: alpha + observed, a, b: b + x }, time);
  return Math.max(least, Math.min(most, alive * whileThere));
}

/** Expected purchases of a customer who is still there, by the parameters that hold after his history. */
function untilLeaving({ r, alpha, a: leaving, b }: BgNbd, time: number): number {
  const a = besidePoles(leaving, b);
  const c = a + b - 1;
  const z = time / (alpha + time);
  const shrunk =
    c <= 0 || (a <= MOST_FOR_EULER && r - c < MOST_FOR_EULER)
      ? (1 - z) ** (a - 1) * hypSeries(c - r, a - 1, c, z)
      : Math.exp(r * Math.log1p(-z) + logHypSeries(r, b, c, z));
  return (c / (a - 1)) * (1 - shrunk);
}

/** The formula has poles at a = 1 and a + b = 1 that it passes through smoothly. */
function besidePoles(a: number, b: number): number {
  const near = (value: number) => Math.abs(value - 1) < 1e-6;
  return near(a) || near(a + b) ? a + 2e-6 : a;
}

/** Probability of no purchase in the next `time`. */
export function noPurchaseProbability(parameters: BgNbd, history: PurchaseHistory, time: number): number {
  const { r, alpha } = parameters;
  const waits = ((alpha + history.observed) / (alpha + history.observed + time)) ** (r + history.repeats);
  return 1 - aliveProbability(parameters, history) * (1 - waits);
}
