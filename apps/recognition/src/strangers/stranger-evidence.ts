import { RegularsError } from '@regulars/contracts';
import type { PassWithEmbedding, Pseudonym } from '@regulars/persistence';
import { areApart, centreOf, cosineDistance } from '@regulars/vision';

/** Two that were before one camera at one time are two people, whatever an operator says.
 *  @throws RegularsError STRANGERS_DIFFER */
export function refuseTwoPeople(
  from: Pseudonym,
  into: Pseudonym,
  moved: readonly PassWithEmbedding[],
  others: readonly PassWithEmbedding[],
): void {
  if (from.storeId !== into.storeId || from.kind !== into.kind)
    throw new RegularsError('STRANGERS_DIFFER', { reason: 'they are of different stores or kinds' });
  for (const one of moved) {
    const other = others.find((pass) => areApart(timesOf(one), timesOf(pass)));
    if (other === undefined) continue;
    const { cameraId, startedAt } = one.startedAt > other.startedAt ? one : other;
    throw new RegularsError('STRANGERS_DIFFER', {
      reason: 'both were before one camera',
      cameraId,
      at: startedAt,
    });
  }
}

function timesOf({ cameraId, startedAt, endedAt }: PassWithEmbedding) {
  return { cameraId, startedAtMs: Date.parse(startedAt), endedAtMs: Date.parse(endedAt) };
}

/** How unlike two groups of passes are; null when there is nothing to compare. */
export function distanceBetween(
  a: readonly PassWithEmbedding[],
  b: readonly PassWithEmbedding[],
): number | null {
  const [one, other] = [a, b].map((passes) =>
    centreOf(passes.map((pass) => ({ ...pass, ...timesOf(pass) }))),
  ) as [Float32Array, Float32Array];
  return one.length > 0 && one.length === other.length ? cosineDistance(one, other) : null;
}
