import {
  NEUTRAL_BAND,
  type Instant,
  type SatisfactionClass,
  type VisitSatisfaction,
} from '@regulars/contracts';

/** What one face crop said. */
export interface CropScore {
  readonly capturedAt: Instant;
  /** 0 dissatisfied to 1 satisfied, 0.5 for a neutral face; null when the crop was not scored. */
  readonly score: number | null;
}

/** Crops kept of one sighting. Expressions come at most once a second, so short sightings are kept whole;
 *  the median of 32 draws from a longer one is off by at most 0.1 in rank in 3 of 4 cases. */
export const CROPS_KEPT = 32;

/** FNV-1a with a finaliser, so that neighbouring instants get unrelated ranks. */
function rankOf(capturedAt: Instant): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < capturedAt.length; i++) hash = Math.imul(hash ^ capturedAt.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Joins two sets of crops of one sighting and keeps at most CROPS_KEPT: those with the smallest hash of their
 *  instant. That is an even sample over the whole sighting, and the same one in whatever order and however
 *  often the crops arrive.
 *  @returns in order of time */
export function joinCrops(a: readonly CropScore[], b: readonly CropScore[]): CropScore[] {
  const byInstant = new Map<Instant, CropScore>();
  for (const crop of [...a, ...b]) {
    const known = byInstant.get(crop.capturedAt);
    if (!known || (known.score ?? -1) < (crop.score ?? -1)) byInstant.set(crop.capturedAt, crop);
  }
  const inTime = (x: CropScore, y: CropScore) => (x.capturedAt < y.capturedAt ? -1 : 1);
  const crops = [...byInstant.values()];
  if (crops.length <= CROPS_KEPT) return crops.sort(inTime);
  return crops
    .map((crop) => ({ crop, rank: rankOf(crop.capturedAt) }))
    .sort((x, y) => x.rank - y.rank || inTime(x.crop, y.crop))
    .slice(0, CROPS_KEPT)
    .map(({ crop }) => crop)
    .sort(inTime);
}

/** Quantile with linear interpolation between the two nearest ranks.
 *  @param sorted ascending, at least one */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}

function classOf(score: number): SatisfactionClass {
  if (score >= NEUTRAL_BAND.satisfiedFrom) return 'satisfied';
  return score <= NEUTRAL_BAND.dissatisfiedTo ? 'dissatisfied' : 'neutral';
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;

/** Satisfaction of a visit from the crops of all its sightings: the median, which one odd crop in a row of
 *  good ones does not move, and half the interquartile range as spread. */
export function satisfactionOf(crops: readonly CropScore[]): VisitSatisfaction {
  const scores = crops.flatMap(({ score }) => (score === null ? [] : [score])).sort((a, b) => a - b);
  const abstentions = crops.length - scores.length;
  if (scores.length === 0) {
    return { score: null, class: null, spread: null, scoredCrops: 0, abstentions };
  }
  const median = round(quantile(scores, 0.5));
  const spread = round((quantile(scores, 0.75) - quantile(scores, 0.25)) / 2);
  return { score: median, class: classOf(median), spread, scoredCrops: scores.length, abstentions };
}
