import type { SpendRanges } from './forecaster.js';

/** Outcomes below which no interval is told, and of which a bin has at least so many. */
const FEWEST = 50;
const FEWEST_IN_BIN = 40;
const MOST_BINS = 10;

/** What was forecast in the back-test, and what came. */
export interface Outcomes {
  readonly churn: ArrayLike<number>;
  readonly expectedMinor: ArrayLike<number>;
  readonly spentMinor: ArrayLike<number>;
}

/** Ratios of what was spent to what was expected that hold eight of ten outcomes, among customers of about the same
 *  chance of buying nothing: split conformal prediction within bins (Vovk 2012), with its correction for few.
 *  @returns null with too few outcomes */
export function fitRanges({ churn, expectedMinor, spentMinor }: Outcomes): SpendRanges | null {
  const count = churn.length;
  if (count < FEWEST) return null;
  const order = Array.from({ length: count }, (_, index) => index).sort(
    (one, other) => (churn[one] ?? 0) - (churn[other] ?? 0),
  );
  const bins = Math.max(1, Math.min(MOST_BINS, Math.floor(count / FEWEST_IN_BIN)));
  const ranges = { bounds: [] as number[], low: [] as number[], high: [] as number[] };
  for (let bin = 0; bin < bins; bin += 1) {
    const own = order.slice(Math.floor((bin * count) / bins), Math.floor(((bin + 1) * count) / bins));
    const ratios = own
      .map((index) => (spentMinor[index] ?? 0) / Math.max(1, expectedMinor[index] ?? 0))
      .sort((one, other) => one - other);
    const low = ratios[Math.max(0, Math.floor((ratios.length + 1) * 0.1) - 1)] ?? 0;
    // Where a tenth spends nothing, nothing lies below: all that may be left out lies above.
    const share = low === 0 ? 0.8 : 0.9;
    ranges.low.push(low);
    ranges.high.push(ratios[Math.min(ratios.length, Math.ceil((ratios.length + 1) * share)) - 1] ?? 0);
    if (bin < bins - 1) ranges.bounds.push(churn[own.at(-1) ?? 0] ?? 1);
  }
  return ranges;
}

/** The interval that holds the spend in eight of ten cases. */
export function rangeOf(
  { bounds, low, high }: SpendRanges,
  churn: number,
  expectedMinor: number,
): { low: number; high: number } {
  const found = bounds.findIndex((bound) => churn <= bound);
  const bin = found < 0 ? bounds.length : found;
  const expected = Math.max(1, expectedMinor);
  return { low: expected * (low[bin] ?? 0), high: expected * (high[bin] ?? 0) };
}
