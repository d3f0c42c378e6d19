import { meanDirection, MOST_LANDMARK_ERROR, type FaceView, unitVector } from '@regulars/vision';

/** A view of a face that was good enough to be compared with the gallery. */
export interface JudgedView {
  readonly atMs: number;
  /** Unit length. */
  readonly embedding: Float32Array;
  /** How much it says, 0 to 1. */
  readonly weight: number;
  /** Whether it was looked at closely (six chips instead of one). */
  readonly isClose?: boolean;
}

/** How unlike two faces are, 0 for the same, as the recogniser's scoring has it.
 *  @param one unit length
 *  @param other unit length */
export type FaceDistance = (one: Float32Array, other: Float32Array) => number;

/** The mean direction of views, each by its weight. */
export function directionOf(views: readonly JudgedView[]): Float32Array {
  const sum = new Float32Array(views[0]?.embedding.length ?? 0);
  for (const { embedding, weight } of views)
    embedding.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + weight * value));
  return views.some(({ weight }) => weight > 0)
    ? unitVector(sum)
    : meanDirection(views.map(({ embedding }) => embedding));
}

/** What must have been seen of somebody who is not known: views of several instants, together worth two good ones. */
const CLEAR = { views: 3, weight: 1.5 } as const;

/** Whether enough was seen of somebody to found a pseudonym, or to count where a track broke. */
export function areClear(views: readonly JudgedView[]): boolean {
  const weight = views.reduce((sum, view) => sum + view.weight, 0);
  return views.length >= CLEAR.views && weight >= CLEAR.weight;
}

/** Below this width nobody is identified: LFW accuracy is .979 at 32 px, .919 at 24 px. */
export const NARROWEST_PX = 32;
/** Wider faces say no more: .990 at 64 px as at 96. */
const WIDE_ENOUGH_PX = 64;
/** LFW pictures blurred by a Gaussian of 4 px (faces of 106 px) have a median of 21, of 3 px 38, of 2 px 91. */
const BLURRED = { refused: 25, clear: 80 } as const;
const TURNED = { yawDegrees: 50, pitchDegrees: 40 } as const;
const EXPOSED = { darkest: 30, brightest: 235 } as const;

/** How much a view says about who somebody is, by its size, sharpness and pose.
 *  @returns 0 to 1; 0 when it is not to be judged at all: too small, blurred, turned away, too dark or bright, or
 *  when its landmarks are wrong */
export function weightOf({ quality, landmarkError }: Pick<FaceView, 'quality' | 'landmarkError'>): number {
  const { faceWidthPx, sharpness, yawDegrees, pitchDegrees, brightness } = quality;
  const isRefused =
    landmarkError > MOST_LANDMARK_ERROR ||
    faceWidthPx < NARROWEST_PX ||
    sharpness < BLURRED.refused ||
    Math.abs(yawDegrees) > TURNED.yawDegrees ||
    Math.abs(pitchDegrees) > TURNED.pitchDegrees ||
    brightness < EXPOSED.darkest ||
    brightness > EXPOSED.brightest;
  if (isRefused) return 0;
  const size = Math.min(1, faceWidthPx / WIDE_ENOUGH_PX);
  const clarity = Math.min(1, sharpness / BLURRED.clear);
  const frontality = Math.cos((yawDegrees * Math.PI) / 180) * Math.cos((pitchDegrees * Math.PI) / 180);
  return size * clarity * frontality;
}

/** Views nearer in time than this are one: they share pose, light and blur. */
const ONE_INSTANT_MS = 250;
const MOST_VIEWS = 8;
/** A view is better than what is there when it says this much more. */
const BETTER = 1.25;
/** After this many views only better ones are looked at, or one in a while. */
const ENOUGH_VIEWS = 5;
const REFRESH_MS = { open: 1_500, settled: 2_000 } as const;

export interface ViewHistory {
  readonly views: readonly JudgedView[];
  /** Capture time of the frame that was last embedded, whatever it gave; null when none was. */
  readonly embeddedAtMs: number | null;
}

/** Whether a view is worth an embedding (6 ms): a new one, a better one, or one in a while. At most four a
 *  second for a person.
 *  @param isSettled the person is identified already */
export function isWorthEmbedding(
  history: ViewHistory,
  weight: number,
  atMs: number,
  isSettled: boolean,
): boolean {
  if (weight === 0) return false;
  if (history.embeddedAtMs === null) return true;
  const sinceMs = atMs - history.embeddedAtMs;
  if (sinceMs < ONE_INSTANT_MS) return false;
  if (isSettled) return sinceMs >= REFRESH_MS.settled;
  const best = Math.max(0, ...history.views.map((view) => view.weight));
  return history.views.length < ENOUGH_VIEWS || weight > best * BETTER || sinceMs >= REFRESH_MS.open;
}

/** Close looks at one person: 36 ms each instead of 6. */
const MOST_CLOSE = 2;
/** A view that says less is not worth one. */
const CLOSE_FROM = 0.5;

/** Whether a view is worth a close look: the first good one of a person, and one that is better still. */
export function isWorthCloseLook(views: readonly JudgedView[], weight: number): boolean {
  const close = views.filter(({ isClose }) => isClose);
  if (weight < CLOSE_FROM || close.length >= MOST_CLOSE) return false;
  return close.every((view) => weight > view.weight * BETTER);
}

/** A person's views with one more: the better of two from one instant, and the best eight of all. */
export function keepView(views: readonly JudgedView[], view: JudgedView): readonly JudgedView[] {
  const near = views.find((other) => Math.abs(other.atMs - view.atMs) < ONE_INSTANT_MS);
  if (near && near.weight >= view.weight) return views;
  const all = [...views.filter((other) => other !== near), view];
  if (all.length <= MOST_VIEWS) return all;
  const worst = all.reduce((a, b) => (b.weight < a.weight ? b : a));
  return all.filter((other) => other !== worst);
}
