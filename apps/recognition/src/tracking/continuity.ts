import type { FaceDistance } from '../identity/views.js';
import { areClear, directionOf, type JudgedView } from '../identity/views.js';

/** Up to when a track surely showed the person it began with. */
export interface Sure {
  /** Capture time of the frame. */
  readonly atMs: number;
  /** Frames in which it was found up to then. */
  readonly hits: number;
}

/** That a track may have gone over to somebody else: at a crossing, after a gap, or because it looks otherwise. */
export interface Doubt {
  readonly sure: Sure;
  /** Its place says so too: at a crossing, or after a gap. Else only the looks do. */
  readonly byPlace: boolean;
  /** Views since then, oldest first. They speak for nobody until the doubt is settled. */
  readonly held: readonly JudgedView[];
}

interface Bound {
  readonly same: number;
  readonly another: number;
}

export type Verdict = 'same' | 'another' | 'open';

/** How unlike the views of a doubt may be to those before it (scored distance of their mean directions): up to `same`
 *  it is the person, beyond `another` it is not, by the number of views. In between another view is waited for; the
 *  last entry decides. One view never parts a track: a half hidden face is unlike everybody. Where the place is in
 *  no doubt a face that turns may become as unlike as another one; so may a face of which little was seen before. */
const BOUNDS: Record<'place' | 'looks', readonly Bound[]> = {
  place: [
    { same: 0.034, another: Infinity },
    { same: 0.036, another: 0.055 },
    { same: 0.04, another: 0.048 },
    { same: 0.042, another: 0.042 },
  ],
  looks: [
    { same: 0.06, another: Infinity },
    { same: 0.07, another: Infinity },
    { same: 0.08, another: 0.11 },
    { same: 0.095, another: 0.095 },
  ],
};
/** A view out of nowhere that is unlike the others by more than this begins a doubt. */
const UNLIKE = 0.06;
/** Two views of a doubt, one after the other, that are unlike by more than this do not show one person well. */
const AGREEING = 0.05;
/** Somebody who stands beside is nearer when the distance is less by so much. */
const NEARER = 0.01;

/** Whether a view lets one doubt a track that nothing else speaks against. */
export function looksUnlike(own: readonly JudgedView[], view: JudgedView, distance: FaceDistance): boolean {
  return own.length > 0 && distance(directionOf(own), view.embedding) > UNLIKE;
}

/** The views of a doubt with one more. Those that do not look like the newest are left out: they showed a face that
 *  was half hidden, or somebody who passed in front. */
export function holdView(
  held: readonly JudgedView[],
  view: JudgedView,
  distance: FaceDistance,
): readonly JudgedView[] {
  const last = held.at(-1);
  const agree = last === undefined || distance(last.embedding, view.embedding) <= AGREEING;
  return agree ? [...held, view] : [view];
}

/** Whether the views since a doubt show the person that the track began with. A sequential test: clear cases are
 *  settled by one view, others by up to four.
 *  @param own views before the doubt, at least one
 *  @param doubt with at least one view since then
 *  @param others views of people who were seen beside the person in one frame, and are others for that */
export function settleDoubt(
  own: readonly JudgedView[],
  { held, byPlace }: Pick<Doubt, 'held' | 'byPlace'>,
  others: readonly (readonly JudgedView[])[],
  distance: FaceDistance,
): Verdict {
  const bounds = BOUNDS[byPlace && areClear(own) ? 'place' : 'looks'];
  const bound = bounds[Math.min(held.length, bounds.length) - 1];
  if (bound === undefined) return 'open';
  const now = directionOf(held);
  const toOwn = distance(directionOf(own), now);
  const toOther = Math.min(...others.map((views) => distance(directionOf(views), now)));
  const isLast = held.length >= bounds.length;
  if (toOwn > bound.another) return 'another';
  if (toOther + NEARER <= toOwn) {
    const isProof = held.length > 1 && (toOwn > bound.same || isLast);
    return isProof ? 'another' : 'open';
  }
  return isLast || (toOwn <= bound.same && toOwn + NEARER <= toOther) ? 'same' : 'open';
}
