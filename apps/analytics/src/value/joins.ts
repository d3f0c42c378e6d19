/** Somebody who was before a till's camera around a sale. */
export interface Bystander {
  /** Customer or sighting id. */
  readonly visitorKey: string;
  /** From when to when, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The formula below; raised whenever it changes, and kept with each join. */
export const JOIN_FORMULA = 1;

/** Who left, or came, this long before or after the sale is as good as excluded (two and a half of them: 4 %).
 *  Covers the seconds between paying and the till's message, and clocks that differ a little. */
const NEAR_MS = 10_000;
/** Who stands this long at the till is as likely as not to be served. */
const DWELL_MS = 12_000;
/** Odds that the camera missed the buyer, against one bystander who certainly could be. */
const MISSED = 0.05;

/** Joins at least this probable count. In the simulation of joins.spec.ts 98 % of them are
 *  right, and the probabilities are off by .04 on average. */
export const SURE = 0.8;

/** How far from the sale anybody is looked at, milliseconds. */
export const REACH_MS = 3 * NEAR_MS;

/** How likely each bystander is the buyer, by what is known before comparing: nearness in time falls off like a
 *  normal deviation of 10 s, staying for s
 *  seconds weighs s^2 / (s^2 + 12^2), so that passing by hardly counts. */
function weightOf({ fromMs, toMs }: Bystander, soldAtMs: number): number {
  const gapMs = Math.max(0, fromMs - soldAtMs, soldAtMs - toMs);
  const dwellMs = Math.max(0, toMs - fromMs);
  return Math.exp(-((gapMs / NEAR_MS) ** 2) / 2) * (dwellMs ** 2 / (dwellMs ** 2 + DWELL_MS ** 2));
}

/** Probability of each visitor to be the buyer of a sale: their weight over the weights of all who were there
 *  and of a buyer whom the camera missed. Each additional visitor makes all others less probable; the sum is
 *  below 1.
 *  @param bystanders several of one visitor (looked away, came back) count as their best one
 *  @returns by visitor, the most probable first */
export function buyersOf(
  bystanders: readonly Bystander[],
  soldAtMs: number,
): { visitorKey: string; probability: number }[] {
  const weights = new Map<string, number>();
  for (const bystander of bystanders) {
    const weight = weightOf(bystander, soldAtMs);
    weights.set(bystander.visitorKey, Math.max(weight, weights.get(bystander.visitorKey) ?? 0));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, MISSED);
  return [...weights]
    .map(([visitorKey, weight]) => ({ visitorKey, probability: weight / total }))
    .sort(
      (one, other) => other.probability - one.probability || (one.visitorKey < other.visitorKey ? -1 : 1),
    );
}
