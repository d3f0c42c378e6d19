import { RegularsError } from '@regulars/contracts';
import type { IdentityRule } from './identity.js';

/** Cosine distance below which a share of pairs of strangers lies, from the smallest share to the largest. */
type Operating = readonly (readonly [falseMatchRate: number, distance: number])[];

/** Measured on LFW folds 1 and 2, all 2.5 M pairs of different people, probe one chip, template with the mirrored
 *  chip averaged in (recall .49, .58, .79, .91, .98 in that order). A probe of 36 px has the same distances. */
const OPERATING_POINTS: Readonly<Record<string, Operating>> = {
  'dlib-resnet': [
    [3e-6, 0.0456],
    [1e-5, 0.0493],
    [1e-4, 0.0595],
    [1e-3, 0.0728],
    [1e-2, 0.0909],
  ],
};

/** No comparison may be wrong more often than this, however few are enrolled. A tenth of what would do for LFW,
 *  whose strangers were photographed by different cameras: two strangers before one camera in one light look more
 *  alike (here two men at .05 to .08, where the median of LFW is .16). */
const HIGHEST_FALSE_MATCH_RATE = 1e-5;
/** Of a thousand strangers at most one may come near somebody in one view, however many are enrolled; votes that
 *  must agree make it rarer still. */
const FALSE_ALARMS_A_VIEW = 0.001;
/** One view alone decides only at a false-match rate this many times lower. */
const CERTAIN = 30;

function distanceAt(points: Operating, falseMatchRate: number): number {
  const at = Math.log10(falseMatchRate);
  const upper = points.findIndex(([rate]) => Math.log10(rate) >= at);
  const right = Math.max(1, upper === -1 ? points.length - 1 : upper);
  const [low, high] = [points[right - 1], points[right]] as [
    readonly [number, number],
    readonly [number, number],
  ];
  const share = (at - Math.log10(low[0])) / (Math.log10(high[0]) - Math.log10(low[0]));
  return Math.max(0, low[1] + share * (high[1] - low[1]));
}

/** Distance below which pairs of strangers lie at the given rate, by the recogniser's measurement.
 *  @throws RegularsError MODEL_MISMATCH when the recogniser has not been measured */
export function distanceAtRate(recogniser: string, falseMatchRate: number): number {
  const points = OPERATING_POINTS[recogniser];
  if (!points)
    throw new RegularsError('MODEL_MISMATCH', { model: recogniser, missing: 'measured thresholds' });
  return distanceAt(points, falseMatchRate);
}

/** How strictly people are identified: the more are enrolled, the stricter, so that a stranger's chance of being
 *  somebody stays the same.
 *  @param people enrolled with this recogniser */
export function identityRule(recogniser: string, people: number): IdentityRule {
  const rate = Math.min(HIGHEST_FALSE_MATCH_RATE, FALSE_ALARMS_A_VIEW / Math.max(1, people));
  return {
    threshold: distanceAtRate(recogniser, rate),
    certain: distanceAtRate(recogniser, rate / CERTAIN),
    margin: 0.01,
    votes: 2,
    spanMs: 300,
    share: 0.34,
    strangerAfter: 5,
  };
}
