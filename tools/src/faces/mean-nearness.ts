import { lengthLost, meanDirection, scoredDistance, type LabelledEmbedding } from '@regulars/vision';
import { distanceReached, dotProduct } from './stranger-tail.js';

/** Share of comparisons with strangers at which means of views are held against single views. Between .01 and 1e-4 the
 *  result on LFW folds 1 and 2 falls from .63 to .37; rarer rates rest on too few comparisons. */
const RATE = 1e-3;
/** Pairs of pictures of one person, at most: those of whom there are many would be all. */
const MOST_PAIRS = 10;
/** With fewer comparisons too few lie below the rate to tell. */
const LEAST_COMPARISONS = 30 / RATE;

interface Compared {
  readonly person: string;
  readonly embedding: Float32Array;
  readonly crowding: number;
}

/** How much nearer the mean of two views of a person comes to strangers than one of the two alone, for each unit of
 *  length that the mean lost (FaceScoring.meanNearness).
 *  @param crowding of a face, also of a mean of two, by a fit that its person had no part in
 *  @returns not below 0; null when too few people have two pictures for it to be measured */
export function meanNearness(
  faces: readonly LabelledEmbedding[],
  crowding: (face: LabelledEmbedding) => number,
): number | null {
  const all = faces.map((face) => ({ ...face, crowding: crowding(face) }));
  const pairs = pairsOf(all);
  if (pairs.length * faces.length < LEAST_COMPARISONS) return null;
  const lost = pairs.map((pair) => lengthLost(pair.map(({ embedding }) => embedding)));
  const means = pairs.map(([one, other]) => {
    const face = { person: one.person, embedding: meanDirection([one.embedding, other.embedding]) };
    return { ...face, crowding: crowding(face) };
  });
  const single = distanceReached(
    RATE,
    distancesFrom(
      pairs.map(([one]) => one),
      all,
    ),
  );
  const ofMeans = distanceReached(RATE, distancesFrom(means, all));
  const meanLost = lost.reduce((sum, value) => sum + value, 0) / lost.length;
  return meanLost > 0 ? Math.max(0, (single - ofMeans) / meanLost) : 0;
}

/** Pictures of one person two by two: each with the next, then each with the next but one, up to a bound. */
function pairsOf(faces: readonly Compared[]): (readonly [Compared, Compared])[] {
  const byPerson = new Map<string, Compared[]>();
  for (const face of faces) {
    const own = byPerson.get(face.person);
    if (own) own.push(face);
    else byPerson.set(face.person, [face]);
  }
  return [...byPerson.values()].flatMap((own) => {
    const pairs: (readonly [Compared, Compared])[] = [];
    for (let gap = 1; gap < own.length && pairs.length < MOST_PAIRS; gap += 1) {
      const fresh = own.slice(gap).map((other, i) => [own[i] as Compared, other] as const);
      pairs.push(...fresh.slice(0, MOST_PAIRS - pairs.length));
    }
    return pairs;
  });
}

function* distancesFrom(some: readonly Compared[], all: readonly Compared[]): Generator<number> {
  for (const one of some) {
    for (const other of all) {
      if (one.person === other.person) continue;
      yield scoredDistance(dotProduct(one.embedding, other.embedding), one.crowding, other.crowding);
    }
  }
}
