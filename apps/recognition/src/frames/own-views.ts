import { keepView, type FaceDistance, type JudgedView } from '../identity/views.js';
import { holdView, looksUnlike, settleDoubt } from '../tracking/continuity.js';
import { trackKey } from '../tracking/tracks.js';
import type { Sighting } from './sighting.js';

/** What became of a view: kept as one of the person's, none of them, or the last proof that the track shows somebody
 *  else. */
export type Taken = 'kept' | 'left' | 'another';

/** Takes a new view of a sighting: for one of the person's when nothing speaks against it; into the doubt when the
 *  track may have gone over to somebody else, until it is settled.
 *  @param open everybody before the camera */
export function takeView(
  sighting: Sighting,
  view: JudgedView,
  open: readonly Sighting[],
  distance: FaceDistance,
): Taken {
  const { views: own, doubt } = sighting;
  if (doubt === null && !looksUnlike(own, view, distance)) return keep(sighting, [view]);
  const next = {
    sure: sighting.sure,
    byPlace: false,
    ...doubt,
    held: holdView(doubt?.held ?? [], view, distance),
  };
  const verdict = settleDoubt(own, next, viewsBeside(sighting, open), distance);
  if (verdict === 'same') return keep(sighting, next.held);
  sighting.doubt = next;
  return verdict === 'another' ? 'another' : 'left';
}

function keep(sighting: Sighting, views: readonly JudgedView[]): Taken {
  const before = sighting.views;
  sighting.views = views.reduce(keepView, before);
  sighting.doubt = null;
  return sighting.views === before ? 'left' : 'kept';
}

/** Views of those who were seen in one frame with somebody. */
function viewsBeside(sighting: Sighting, open: readonly Sighting[]): readonly (readonly JudgedView[])[] {
  const key = trackKey(sighting.track);
  return open
    .filter((other) => sighting.seenWith.has(trackKey(other.track)) || other.seenWith.has(key))
    .map(({ views }) => views)
    .filter((views) => views.length > 0);
}

/** The frame leaves open whether it is still the person it began with. Of whom nothing was seen nothing can be
 *  doubted. */
export function beginDoubt(sighting: Sighting): void {
  if (sighting.views.length > 0)
    sighting.doubt = { sure: sighting.sure, held: [], ...sighting.doubt, byPlace: true };
}
