/** Lanczos' coefficients for g = 7, nine terms (Godfrey 2001): 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln of the gamma function, for x above 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0] ?? 0;
  for (let term = 1; term < LANCZOS.length; term += 1) sum += (LANCZOS[term] ?? 0) / (x - 1 + term);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** ln(e^one + e^other) without overflow. */
export function logSum(one: number, other: number): number {
  const [high, low] = one > other ? [one, other] : [other, one];
  return high + Math.log1p(Math.exp(low - high));
}

/** Gauss's hypergeometric function of 0 <= z < 1, by the series of its Euler transform: with BG/NBD's arguments
 *  c - a - b is negative, and the series as it stands needs many more terms. */
export function hyp2f1(a: number, b: number, c: number, z: number): number {
  return (1 - z) ** (c - a - b) * hypSeries(c - a, c - b, c, z);
}

/** The series of Gauss's hypergeometric function as it stands, 0 <= z < 1. */
export function hypSeries(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < 100_000 && Math.abs(term) > 1e-15 * Math.abs(sum); n += 1) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
  }
  return sum;
}

/** ln of hypSeries for positive a, b and c: all of its
 *  terms are positive, so nothing cancels, and the sum may be larger than a double holds. */
export function logHypSeries(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  let log = 0;
  for (let n = 0; n < 100_000; n += 1) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    if (ratio < 1 && term < 1e-16 * sum) break;
    if (sum > 1e200) {
      log += Math.log(sum);
      term /= sum;
      sum = 1;
    }
  }
  return log + Math.log(sum);
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** ln(p / (1 - p)), p kept away from 0 and 1 by 1e-6. */
export function logit(p: number): number {
  const kept = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(kept / (1 - kept));
}
