import type { StrangerPass } from '@regulars/vision';
import type { Sighting } from '../frames/sighting.js';
import { areClear, directionOf } from '../identity/views.js';

/** A sighting as strangers are compared, so far as was seen of it.
 *  @param together sightings that are in one frame with it
 *  @returns null when nothing was seen that could be compared */
export function strangerPassOf(
  { sightingId, track, views }: Sighting,
  cameraId: string,
  together: Iterable<string>,
): StrangerPass | null {
  if (views.length === 0) return null;
  return {
    sightingId,
    cameraId,
    startedAtMs: track.bornAtMs,
    endedAtMs: track.seenAtMs,
    embedding: directionOf(views),
    isClear: areClear(views),
    apart: new Set(together),
  };
}
