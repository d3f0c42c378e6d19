import type { PointPx, RgbImage } from '../vision.js';
import { alignByFive, alignByMany, alignFace, CHIP_POINTS } from './align.js';
import { FIRST_INNER_LANDMARK, MEAN_FACE } from './mean-face.js';
import { fitSimilarity, invertSimilarity, type Similarity, transformPoint } from './similarity.js';
import { warpSquare } from './warp.js';

/** How faces are laid out for a recogniser: dlib's chip of 150 px by the corners of the eyes and the base of the
 *  nose, or ArcFace's of 112 px by the middles of the eyes, the tip of the nose and the corners of the mouth. */
export type Alignment = 'dlib-150' | 'arcface-112';

/** Chips of one alignment. Landmarks are 68 points in the order of the iBUG 300-W mark-up, in pixels of `image`. */
export interface ChipShape {
  readonly sidePx: number;
  /** One chip, by five points of the landmarks. */
  quick(image: RgbImage, landmarks: readonly PointPx[]): RgbImage;
  /** Three chips: by five points of the landmarks, by all of them but the jaw's, and by five points found otherwise.
   *  @param five outer and inner corner of the person's left eye, of the right eye, base of the nose */
  close(image: RgbImage, landmarks: readonly PointPx[], five: readonly PointPx[]): readonly RgbImage[];
}

const DLIB: ChipShape = {
  sidePx: 150,
  quick: alignFace,
  close: (image, landmarks, five) => [
    alignFace(image, landmarks),
    alignByMany(image, landmarks),
    alignByFive(image, five),
  ],
};

const ARCFACE_PX = 112;

/** Where recognisers of ArcFace's kind expect the middle of the person's right eye, of the left eye, the tip of the
 *  nose, the right and the left corner of the mouth in a chip of 112 px: the reference of InsightFace's
 *  `norm_crop` (https://github.com/deepinsight/insightface, `arcface_dst`), which counts from the middle of the first
 *  pixel. Points here count from its corner, hence the half pixel. */
const ARCFACE_POINTS: readonly PointPx[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
].map(([x = 0, y = 0]) => ({ x: x + 0.5, y: y + 0.5 }));

/** Landmarks that ArcFace's five points are the means of. */
const ARCFACE_LANDMARKS = [[36, 37, 38, 39, 40, 41], [42, 43, 44, 45, 46, 47], [30], [48], [54]] as const;

/** ArcFace's five points of a face.
 *  @throws RangeError when there are fewer than 68 landmarks */
export function arcfacePointsOf(landmarks: readonly PointPx[]): readonly PointPx[] {
  return ARCFACE_LANDMARKS.map((indexes) => {
    const points = indexes.map((index) => landmarks[index]);
    let [x, y] = [0, 0];
    for (const point of points) {
      if (point === undefined) throw new RangeError(`expected 68 landmarks, got ${landmarks.length}`);
      [x, y] = [x + point.x / points.length, y + point.y / points.length];
    }
    return { x, y };
  });
}

/** From dlib's chip to ArcFace's, by the mean face. */
const toArcface = fitSimilarity(
  arcfacePointsOf([...new Array<PointPx>(FIRST_INNER_LANDMARK).fill({ x: 0, y: 0 }), ...MEAN_FACE]),
  ARCFACE_POINTS,
);
/** From points of ArcFace's chip to points of dlib's, by the mean face. */
export const dlibChipOfArcface = (): Similarity => invertSimilarity(toArcface);

const ARCFACE_MEAN_FACE = MEAN_FACE.map((point) => transformPoint(toArcface, point));
const ARCFACE_OF_DLIB_POINTS = CHIP_POINTS.map((point) => transformPoint(toArcface, point));

const ARCFACE: ChipShape = {
  sidePx: ARCFACE_PX,
  quick: (image, landmarks) =>
    warpSquare(image, fitSimilarity(arcfacePointsOf(landmarks), ARCFACE_POINTS), ARCFACE_PX),
  close: (image, landmarks, five) => [
    ARCFACE.quick(image, landmarks),
    warpSquare(image, fitSimilarity(landmarks.slice(FIRST_INNER_LANDMARK), ARCFACE_MEAN_FACE), ARCFACE_PX),
    warpSquare(image, fitSimilarity(five, ARCFACE_OF_DLIB_POINTS), ARCFACE_PX),
  ],
};

export const CHIP_SHAPES: Readonly<Record<Alignment, ChipShape>> = {
  'dlib-150': DLIB,
  'arcface-112': ARCFACE,
};
