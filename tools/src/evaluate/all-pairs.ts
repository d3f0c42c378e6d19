import { scoredDistance, type LabelledEmbedding } from '@regulars/vision';
import { dotProduct } from '../faces/stranger-tail.js';

export type { LabelledEmbedding } from '@regulars/vision';

/** Verification over every pair of pictures, which reaches false-match rates that a list of pairs cannot. */
export interface AllPairsFigures {
  readonly genuine: number;
  readonly impostor: number;
  /** Share of genuine pairs matched, and the distance, at each false-match rate. */
  readonly at: readonly { readonly fmr: number; readonly tar: number; readonly distance: number }[];
}

/** Distances are counted in bins this wide, so that millions of pairs need no memory. */
const BIN = 1e-5;
const BINS = 2 / BIN;

/** @param crowding of each face; 0 compares by cosine alone
 *  @param fmrs false-match rates, each reached by at least one impostor pair to be meaningful */
export function allPairsFigures(
  faces: readonly LabelledEmbedding[],
  crowding: readonly number[],
  fmrs: readonly number[],
): AllPairsFigures {
  const counts = { genuine: new Uint32Array(BINS + 1), impostor: new Uint32Array(BINS + 1) };
  faces.forEach((one, i) => {
    for (let j = i + 1; j < faces.length; j += 1) {
      const other = faces[j] as LabelledEmbedding;
      const cosine = dotProduct(one.embedding, other.embedding);
      const distance = scoredDistance(cosine, crowding[i] ?? 0, crowding[j] ?? 0);
      const bin = Math.floor(Math.min(distance, 2) / BIN);
      const kind = one.person === other.person ? counts.genuine : counts.impostor;
      kind[bin] = (kind[bin] ?? 0) + 1;
    }
  });
  const [genuine, impostor] = [sumOf(counts.genuine), sumOf(counts.impostor)];
  const at = fmrs.map((fmr) => {
    const bin = binBelow(counts.impostor, fmr * impostor);
    return { fmr, tar: round(sumOf(counts.genuine.subarray(0, bin)) / genuine), distance: round(bin * BIN) };
  });
  return { genuine, impostor, at };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const sumOf = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);

/** The number of bins from the lowest that together hold at most `limit` pairs. */
function binBelow(counts: Uint32Array, limit: number): number {
  let sum = 0;
  const bin = counts.findIndex((count) => (sum += count) > limit);
  return bin < 0 ? counts.length : bin;
}
