import { meanDirection, type StrangerPass, unitVector } from '@regulars/vision';
import type { Sighting } from '../frames/sighting.js';
import type { JudgedView } from '../identity/views.js';

/** What a pass must have shown before it founds a pseudonym or is learned from: views of several instants, together
 *  worth two good ones. */
const CLEAR = { views: 3, weight: 1.5 } as const;

/** The mean direction of views, each by its weight. */
function directionOf(views: readonly JudgedView[]): Float32Array {
  const sum = new Float32Array(views[0]?.embedding.length ?? 0);
  for (const { embedding, weight } of views)
    embedding.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + weight * value));
  return views.some(({ weight }) => weight > 0)
    ? unitVector(sum)
    : meanDirection(views.map(({ embedding }) => embedding));
}

/** A sighting as strangers are compared, so far as was seen of it.
 *  @param together sightings that are in one frame with it
 *  @returns null when nothing was seen that could be compared */
export function strangerPassOf(
  { sightingId, track, views }: Sighting,
  cameraId: string,
  together: Iterable<string>,
): StrangerPass | null {
  if (views.length === 0) return null;
  const weight = views.reduce((sum, view) => sum + view.weight, 0);
  return {
    sightingId,
    cameraId,
    startedAtMs: track.bornAtMs,
    endedAtMs: track.seenAtMs,
    embedding: directionOf(views),
    isClear: views.length >= CLEAR.views && weight >= CLEAR.weight,
    apart: new Set(together),
  };
}
