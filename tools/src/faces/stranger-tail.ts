import { scoredDistance, type LabelledEmbedding, type Tail } from '@regulars/vision';

/** Rates of the tail, from the most frequent. */
const RATES = [0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];
/** A rate rests on at least so many comparisons. */
const LEAST_SEEN = 10;
const BIN = 1e-4;
const BINS = 2 / BIN;

/** How near two people come to each other: of all comparisons of pictures of two people the shares that lie at or
 *  below a distance. Rates that fewer than ten comparisons reach are left out.
 *  @param crowding of each face */
export function strangerTail(faces: readonly LabelledEmbedding[], crowding: readonly number[]): Tail {
  const counts = new Float64Array(BINS + 1);
  let total = 0;
  faces.forEach((one, i) => {
    for (let j = i + 1; j < faces.length; j += 1) {
      const other = faces[j] as LabelledEmbedding;
      if (one.person === other.person) continue;
      const cosine = dotProduct(one.embedding, other.embedding);
      const distance = scoredDistance(cosine, crowding[i] ?? 0, crowding[j] ?? 0);
      const bin = Math.min(BINS, Math.ceil(distance / BIN));
      counts[bin] = (counts[bin] ?? 0) + 1;
      total += 1;
    }
  });
  const tail: [number, number][] = [];
  for (const rate of RATES.filter((each) => each * total >= LEAST_SEEN).reverse()) {
    let sum = 0;
    const bin = counts.findIndex((count) => (sum += count) >= rate * total);
    tail.push([rate, Math.round(bin * BIN * 1e4) / 1e4]);
  }
  return tail;
}

/** Distance at or below which a share of comparisons lies, to .0001.
 *  @param distances at least one */
export function distanceReached(share: number, distances: Iterable<number>): number {
  const counts = new Float64Array(BINS + 1);
  let total = 0;
  for (const distance of distances) {
    const bin = Math.min(BINS, Math.ceil(distance / BIN));
    counts[bin] = (counts[bin] ?? 0) + 1;
    total += 1;
  }
  let sum = 0;
  return counts.findIndex((count) => (sum += count) >= share * total) * BIN;
}

export function dotProduct(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let i = 0; i < one.length; i += 1) product += (one[i] as number) * (other[i] as number);
  return product;
}
