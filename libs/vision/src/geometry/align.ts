import type { PointPx, RgbImage } from '../vision.js';
import { warpSquare } from './warp.js';
import { FIRST_INNER_LANDMARK, MEAN_FACE } from './mean-face.js';
import { fitSimilarity, type Similarity } from './similarity.js';

/** Side of the aligned chip that the recogniser expects. */
const CHIP_PX = 150;

/** Room around the reference face, in its own width: dlib's recogniser was trained with this. */
const CHIP_PADDING = 0.25;

/** dlib's reference for five points, in a face of width 1: the outer and inner corner of the person's left eye,
 *  of the right eye, and the base of the nose; and where these stand among the 68 landmarks. */
const REFERENCE: readonly (PointPx & { readonly landmark: number })[] = [
  { landmark: 45, x: 0.8595674595992, y: 0.2134981538014 },
  { landmark: 42, x: 0.6460604764104, y: 0.2289674387677 },
  { landmark: 36, x: 0.1205750620789, y: 0.2137274526848 },
  { landmark: 39, x: 0.3340850613712, y: 0.2290642403242 },
  { landmark: 33, x: 0.4901123135679, y: 0.6277975316475 },
];

/** The same five in the chip, pixels. */
export const CHIP_POINTS = REFERENCE.map(({ x, y }) => ({
  x: ((x + CHIP_PADDING) / (1 + 2 * CHIP_PADDING)) * CHIP_PX,
  y: ((y + CHIP_PADDING) / (1 + 2 * CHIP_PADDING)) * CHIP_PX,
}));

/** The upright chip of a face that the recogniser expects: eyes level, the inner half of it the face, 150 px.
 *  @param landmarks 68 points in the order of the iBUG 300-W mark-up, in pixels of `image`
 *  @throws RangeError when there are fewer, or when they coincide */
export function alignFace(image: RgbImage, landmarks: readonly PointPx[]): RgbImage {
  return warpSquare(image, chipTransform(landmarks), CHIP_PX);
}

/** Takes points of the picture to points of the chip; for drawing and for tests. */
export function chipTransform(landmarks: readonly PointPx[]): Similarity {
  const points = REFERENCE.map(({ landmark }) => {
    const point = landmarks[landmark];
    if (point === undefined) throw new RangeError(`expected 68 landmarks, got ${landmarks.length}`);
    return point;
  });
  return fitSimilarity(points, CHIP_POINTS);
}

/** Where the five reference points stand among the 68 landmarks. */
export const FIVE_OF_68 = REFERENCE.map(({ landmark }) => landmark);

/** The chip as alignFace makes it, by five points that were found otherwise.
 *  @param points outer and inner corner of the person's left eye, of the right eye, base of the nose */
export function alignByFive(image: RgbImage, points: readonly PointPx[]): RgbImage {
  if (points.length !== CHIP_POINTS.length) throw new RangeError(`expected 5 points, got ${points.length}`);
  return warpSquare(image, fitSimilarity(points, CHIP_POINTS), CHIP_PX);
}

/** The chip by all landmarks but the jaw's, whose errors even out.
 *  @param landmarks 68 points in the order of the iBUG 300-W mark-up */
export function alignByMany(image: RgbImage, landmarks: readonly PointPx[]): RgbImage {
  const inner = landmarks.slice(FIRST_INNER_LANDMARK);
  if (inner.length !== MEAN_FACE.length)
    throw new RangeError(`expected 68 landmarks, got ${landmarks.length}`);
  return warpSquare(image, fitSimilarity(inner, MEAN_FACE), CHIP_PX);
}

/** The same picture seen in a mirror. */
export function mirrorImage({ data, widthPx, heightPx }: RgbImage): RgbImage {
  const mirrored = new Uint8Array(data.length);
  for (let row = 0; row < heightPx; row += 1) {
    for (let column = 0; column < widthPx; column += 1) {
      const from = (row * widthPx + column) * 3;
      const to = (row * widthPx + widthPx - 1 - column) * 3;
      mirrored[to] = data[from] as number;
      mirrored[to + 1] = data[from + 1] as number;
      mirrored[to + 2] = data[from + 2] as number;
    }
  }
  return { data: mirrored, widthPx, heightPx };
}
