import { distanceAtRate, distanceForRate, falsePositiveRate, type FaceScoring } from '@regulars/vision';
import type { IdentityRule } from './identity.js';

/** No comparison may be wrong more often than this, however few are enrolled and however much is tolerated. A tenth
 *  of what would do for LFW, whose strangers were photographed by different cameras: two strangers before one camera
 *  in one light look more alike (two men of a test film lie at .05 to .08, where the median of LFW is .16). */
export const HIGHEST_FALSE_MATCH_RATE = 1e-5;
/** One view alone decides only at a rate this many times lower. */
const CERTAIN = 30;

/** What a threshold follows from. */
export interface Operating {
  /** Enrolled with this recogniser. */
  readonly people: number;
  /** How far the gallery moves the recogniser's tail (tailShift). */
  readonly shift: number;
  /** Share of the passes of people who are not enrolled that may be taken for somebody who is. */
  readonly fpir: number;
}

/** What the threshold is held down by. */
export type LimitedBy = 'budget' | 'recogniser';

/** How strictly people are identified: the more are enrolled and the more pass by, the stricter, so that as many are
 *  taken for somebody else in a week as is tolerable.
 *  @returns distances below 0 where nobody can be identified at that rate */
export function identityRule(
  scoring: FaceScoring,
  { people, shift, fpir }: Operating,
): IdentityRule & { readonly limitedBy: LimitedBy } {
  const loosest = distanceAtRate(scoring.templates, HIGHEST_FALSE_MATCH_RATE);
  const byBudget = distanceForRate(scoring.templates, fpir, people, shift);
  const limitedBy = byBudget < loosest ? 'budget' : 'recogniser';
  const certainByBudget = distanceForRate(scoring.templates, fpir / CERTAIN, people, shift);
  const certainAtMost = distanceAtRate(scoring.templates, HIGHEST_FALSE_MATCH_RATE / CERTAIN);
  return {
    threshold: Math.min(byBudget, loosest),
    certain: Math.min(certainByBudget, certainAtMost),
    margin: 0.01,
    votes: 2,
    spanMs: 300,
    share: 0.34,
    strangerAfter: 5,
    limitedBy,
  };
}

/** Chance that somebody who is not enrolled is taken for somebody in one pass, at a threshold. A pass has several
 *  views, of which two must agree; they are nearly one view, so it counts as one search. */
export function predictedRate(scoring: FaceScoring, threshold: number, { people, shift }: Operating): number {
  return people === 0 ? 0 : falsePositiveRate(scoring.templates, threshold, people, shift);
}
