import {
  type CrowdingOf,
  linkRuleAt,
  type LinkRule,
  type StrangerPass,
  StrangerPool,
} from '@regulars/vision';
import type { LabelledEmbedding } from './all-pairs.js';

/** How well passes of people who come again are put together. */
export interface ClusterFigures {
  readonly passes: number;
  readonly people: number;
  readonly pseudonyms: number;
  /** Share of a pass's pseudonym that is the same person, in the mean over passes (B-cubed precision). */
  readonly purity: number;
  /** Share of a person's passes that are under the same pseudonym, in the mean over passes (B-cubed recall). */
  readonly completeness: number;
  /** Share of the passes that were taken for somebody else's when they came. */
  readonly wrongLinks: number;
  /** Share of the passes of people seen before that were known again. */
  readonly knownAgain: number;
}

/** Lets photographs come before a camera one after the other, each as one pass, in the order given.
 *  @param ruleFor rule by the number of strangers known so far */
export function clusterPasses(
  faces: readonly LabelledEmbedding[],
  ruleFor: (known: number) => LinkRule,
  crowdingOf?: CrowdingOf,
): ClusterFigures {
  const pool = new StrangerPool(crowdingOf);
  const pseudonymOf: string[] = [];
  /** Person by whose pass the pseudonym was made. */
  const madeBy = new Map<string, string>();
  const seen = new Set<string>();
  let [wrong, again, comers] = [0, 0, 0];
  faces.forEach(({ person, embedding }, i) => {
    const at = i * 60_000;
    const pass: StrangerPass = {
      sightingId: `sgt_${i}`,
      cameraId: 'door',
      startedAtMs: at,
      endedAtMs: at + 1_000,
      embedding,
      isClear: true,
      apart: new Set(),
    };
    const link = pool.link(pass, ruleFor(pool.size));
    const pseudonymId = link.kind === 'again' ? link.pseudonymId : `pse_${i}`;
    if (link.kind === 'new') madeBy.set(pseudonymId, person);
    else if (madeBy.get(pseudonymId) !== person) wrong += 1;
    if (seen.has(person)) {
      comers += 1;
      if (link.kind === 'again' && madeBy.get(pseudonymId) === person) again += 1;
    }
    seen.add(person);
    pseudonymOf.push(pseudonymId);
    const isTrusted = link.kind === 'again' ? link.isTrusted : true;
    const look = link.kind === 'again' ? link.look : pseudonymId;
    pool.join(pseudonymId, { ...pass, distance: null, isTrusted, look });
  });
  return {
    ...bCubed(faces, pseudonymOf),
    wrongLinks: wrong / faces.length,
    knownAgain: again / Math.max(1, comers),
  };
}

function bCubed(
  faces: readonly LabelledEmbedding[],
  pseudonymOf: readonly string[],
): Pick<ClusterFigures, 'passes' | 'people' | 'pseudonyms' | 'purity' | 'completeness'> {
  const count = (keys: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  const people = faces.map(({ person }) => person);
  const both = people.map((person, i) => `${person}|${pseudonymOf[i] ?? ''}`);
  const [ofPerson, ofPseudonym, ofBoth] = [count(people), count(pseudonymOf), count(both)];
  const mean = (sizes: ReadonlyMap<string, number>, keys: readonly string[]) =>
    both.reduce((sum, key, i) => sum + (ofBoth.get(key) ?? 0) / (sizes.get(keys[i] ?? '') ?? 1), 0) /
    both.length;
  return {
    passes: faces.length,
    people: ofPerson.size,
    pseudonyms: ofPseudonym.size,
    purity: mean(ofPseudonym, pseudonymOf),
    completeness: mean(ofPerson, people),
  };
}

/** The largest distance, in steps, at which purity is still at least what is asked for in the mean over the draws. */
export function tunedDistance(
  draws: readonly (readonly LabelledEmbedding[])[],
  leastPurity: number,
  steps: readonly number[],
  crowdingOf?: CrowdingOf,
): number {
  let best = steps[0] ?? 0;
  for (const distance of steps) {
    const purities = draws.map(
      (faces) => clusterPasses(faces, () => linkRuleAt(distance), crowdingOf).purity,
    );
    if (purities.reduce((sum, one) => sum + one, 0) / purities.length >= leastPurity) best = distance;
  }
  return best;
}
