import { FACE_CROP_PX } from '@regulars/contracts';
import type { Similarity } from '../geometry/similarity.js';
import { warpSquare } from '../geometry/warp.js';
import type { PointPx, RgbImage } from '../vision.js';

const CHIN = 8;
const JAW = [0, 16] as const;
const LEFT_EYE = [42, 43, 44, 45, 46, 47] as const;
const RIGHT_EYE = [36, 37, 38, 39, 40, 41] as const;

/** From chin to hairline, in distances from the eyes to the chin: the eyes stand about half-way up a head. */
const FACE_HEIGHT = 1.75;
/** Share of the crop that the face fills: the expression nets expect about two thirds. */
const FILLED = 0.7;

function meanOf(points: readonly PointPx[], indexes: readonly number[]): PointPx {
  const chosen = indexes.map((i) => points[i] ?? { x: 0, y: 0 });
  return {
    x: chosen.reduce((sum, p) => sum + p.x, 0) / chosen.length,
    y: chosen.reduce((sum, p) => sum + p.y, 0) / chosen.length,
  };
}

/** The square around a whole face, from chin to hairline and from jaw to jaw, with the eyes level.
 *  @param landmarks 68 points in the order of the iBUG 300-W mark-up
 *  @returns takes points of the picture to points of a crop of `sidePx`; null when the points coincide */
export function uprightSquare(landmarks: readonly PointPx[], sidePx: number): Similarity | null {
  const left = meanOf(landmarks, LEFT_EYE);
  const right = meanOf(landmarks, RIGHT_EYE);
  const angle = Math.atan2(left.y - right.y, left.x - right.x);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = (p: PointPx) => cos * p.x + sin * p.y;
  const down = (p: PointPx) => cos * p.y - sin * p.x;
  const eyes = down(meanOf(landmarks, [...LEFT_EYE, ...RIGHT_EYE]));
  const chin = down(meanOf(landmarks, [CHIN]));
  const jaw = JAW.map((i) => along(meanOf(landmarks, [i])));
  const [from, to] = [Math.min(...jaw), Math.max(...jaw)];
  const height = (chin - eyes) * FACE_HEIGHT;
  const side = Math.max(height, to - from) / FILLED;
  if (!(side > 0)) return null;
  const scale = sidePx / side;
  const centre = { along: (from + to) / 2, down: chin - height / 2 };
  return {
    a: scale * cos,
    b: -scale * sin,
    tx: sidePx / 2 - scale * centre.along,
    ty: sidePx / 2 - scale * centre.down,
  };
}

/** Upright crop of a whole face.
 *  @returns FACE_CROP_PX square; null when the landmarks coincide */
export function cropFace(image: RgbImage, landmarks: readonly PointPx[]): RgbImage | null {
  const toCrop = uprightSquare(landmarks, FACE_CROP_PX);
  return toCrop === null ? null : warpSquare(image, toCrop, FACE_CROP_PX);
}
