import { z } from 'zod';
import { minimise, standardErrors } from './minimise.js';
import { logGamma } from './special.js';

/** Parameters of the Gamma-Gamma model of spend per purchase (Fader and Hardie 2013). */
export const GammaGamma = z.strictObject({
  p: z.number().positive(),
  q: z.number().positive(),
  v: z.number().positive(),
});
export type GammaGamma = z.infer<typeof GammaGamma>;

/** One entry per customer in each list. */
export interface SpendHistories {
  /** Purchases that the mean is taken over; customers with none are left out. */
  readonly purchases: ArrayLike<number>;
  /** Mean amount of a purchase; customers with 0 or less are left out. */
  readonly meanAmount: ArrayLike<number>;
}

export interface GammaGammaFit {
  readonly parameters: GammaGamma;
  /** 95 % interval of each; NaN where the likelihood is flat. */
  readonly intervals: Readonly<Record<keyof GammaGamma, readonly [number, number]>>;
  readonly logLikelihood: number;
  readonly isSettled: boolean;
}

/** ln p above this is spend that varies like a constant within a customer: the likelihood is flat beyond. */
const MOST_LOG = 8;

/** Maximum likelihood. @throws RangeError when no customer has a purchase */
export function fitGammaGamma({ purchases, meanAmount }: SpendHistories): GammaGammaFit {
  const used = Array.from(purchases, (_, index) => index).filter(
    (i) => (purchases[i] ?? 0) > 0 && (meanAmount[i] ?? 0) > 0,
  );
  if (used.length === 0) throw new RangeError('Gamma-Gamma needs at least one customer with a purchase');
  const scale = used.reduce((sum, i) => sum + (meanAmount[i] ?? 0), 0) / used.length;
  // The unit of money changes v only, so the search runs in units of the mean.
  const negative = ([logP = 0, logQ = 0, logV = 0]: readonly number[]): number => {
    const [p, q, v] = [Math.exp(logP), Math.exp(logQ), Math.exp(logV)];
    let sum = used.length * (q * logV - logGamma(q));
    for (const i of used) {
      const [x, m] = [purchases[i] ?? 0, (meanAmount[i] ?? 0) / scale];
      const px = p * x;
      sum +=
        logGamma(px + q) -
        logGamma(px) +
        (px - 1) * Math.log(m) +
        px * Math.log(x) -
        (px + q) * Math.log(x * m + v);
    }
    const barrier = [logP, logQ, logV].reduce(
      (high, log) => high + Math.max(0, Math.abs(log) - MOST_LOG) ** 2,
      0,
    );
    return -sum / used.length + barrier;
  };
  const { at, value, isSettled } = minimise(negative, [1, 1, 0]);
  const errors = standardErrors((logs) => used.length * negative(logs), at);
  const [p, q, v] = at.map((log, d) => {
    const unit = d === 2 ? scale : 1;
    const reach = 1.96 * (errors[d] ?? NaN);
    return {
      value: Math.exp(log) * unit,
      interval: [Math.exp(log - reach) * unit, Math.exp(log + reach) * unit] as const,
    };
  });
  if (p === undefined || q === undefined || v === undefined) throw new RangeError('no parameters');
  return {
    parameters: { p: p.value, q: q.value, v: v.value },
    intervals: { p: p.interval, q: q.interval, v: v.interval },
    logLikelihood: -value - Math.log(scale),
    isSettled,
  };
}

/** Expected amount of a purchase of a customer with so many of such a mean; of anybody's with none.
 *  @returns the population's mean when q is at most 1 and there is nothing to go by: Infinity otherwise */
export function expectedAmount({ p, q, v }: GammaGamma, purchases: number, meanAmount: number): number {
  const sum = p * purchases;
  return sum + q > 1 ? (p * (v + purchases * meanAmount)) / (sum + q - 1) : Infinity;
}
