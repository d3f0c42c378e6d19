/** When two strangers are taken for one. */
export interface LinkRule {
  /** A pass up to this distance from a stranger is of that stranger. */
  readonly same: number;
  /** Up to this distance it is learned from. */
  readonly trusted: number;
}

/** Of so many strangers at most one may be taken for somebody seen before, however many are known. */
const WRONG_LINKS_A_PASS = 0.001;
/** However few are known. */
const HIGHEST_FALSE_MATCH_RATE = 1e-5;
/** What is learned from must be nearer than what is joined. */
const TRUSTED_SHARE = 0.85;

/** How strictly strangers are taken for one person: the more are known, the stricter, so that the chance of being
 *  taken for somebody else stays the same.
 *  @param known strangers that a pass is compared with
 *  @param distanceAtRate distance below which a share of the pairs of two people lies, as measured */
export function linkRule(known: number, distanceAtRate: (falseMatchRate: number) => number): LinkRule {
  const rate = Math.min(HIGHEST_FALSE_MATCH_RATE, WRONG_LINKS_A_PASS / Math.max(1, known));
  return linkRuleAt(distanceAtRate(rate));
}

/** @param same distance up to which two are one person */
export function linkRuleAt(same: number): LinkRule {
  return { same, trusted: same * TRUSTED_SHARE };
}
