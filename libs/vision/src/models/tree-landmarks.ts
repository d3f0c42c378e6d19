import type { BoxPx } from '@regulars/contracts';
import { fitSimilarity, transformPoint } from '../geometry/similarity.js';
import type { PointPx, RgbImage } from '../vision.js';
import type { RegressionTrees } from './regression-trees.js';

/** Finds the points of a face with a cascade of regression trees, as dlib's shape_predictor does: .2 ms a face.
 *  @param boxPx the face's square as the trees were trained with: for dlib's five points from the brows to the chin
 *  @returns the points in pixels of `image` */
export function locateWithTrees(trees: RegressionTrees, image: RgbImage, boxPx: BoxPx): readonly PointPx[] {
  const { points, cascades, treesPerCascade, splits, pixels, pairs, thresholds, leaves } = trees;
  const shape = Float32Array.from(trees.meanShape);
  const values = new Float32Array(pixels);
  const leafLength = 2 * points;
  for (let cascade = 0; cascade < cascades; cascade += 1) {
    readPixels(trees, { image, boxPx, shape, cascade }, values);
    for (let tree = cascade * treesPerCascade; tree < (cascade + 1) * treesPerCascade; tree += 1) {
      let node = 0;
      while (node < splits) {
        const split = tree * splits + node;
        const one = values[pairs[2 * split] as number] as number;
        const other = values[pairs[2 * split + 1] as number] as number;
        node = one - other > (thresholds[split] as number) ? 2 * node + 1 : 2 * node + 2;
      }
      const leaf = (tree * (splits + 1) + node - splits) * leafLength;
      for (let value = 0; value < leafLength; value += 1) {
        shape[value] = (shape[value] as number) + (leaves[leaf + value] as number);
      }
    }
  }
  return pointsOf(shape).map(({ x, y }) => ({
    x: boxPx.x + x * boxPx.width,
    y: boxPx.y + y * boxPx.height,
  }));
}

interface Look {
  readonly image: RgbImage;
  readonly boxPx: BoxPx;
  readonly shape: Float32Array;
  readonly cascade: number;
}

/** Grey levels of the cascade's pixels, which move and turn with the points found so far; 0 beside the picture. */
function readPixels(
  trees: RegressionTrees,
  { image, boxPx, shape, cascade }: Look,
  values: Float32Array,
): void {
  const { pixels, anchors, offsets, meanShape } = trees;
  const { data, widthPx, heightPx } = image;
  const { a, b } = fitSimilarity(pointsOf(meanShape), pointsOf(shape));
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const index = cascade * pixels + pixel;
    const anchor = anchors[index] as number;
    const [dx, dy] = [offsets[2 * index] as number, offsets[2 * index + 1] as number];
    const x = Math.round(boxPx.x + (a * dx - b * dy + (shape[2 * anchor] as number)) * boxPx.width);
    const y = Math.round(boxPx.y + (b * dx + a * dy + (shape[2 * anchor + 1] as number)) * boxPx.height);
    const from = (y * widthPx + x) * 3;
    values[pixel] =
      x < 0 || y < 0 || x >= widthPx || y >= heightPx
        ? 0
        : Math.floor(((data[from] as number) + (data[from + 1] as number) + (data[from + 2] as number)) / 3);
  }
}

function pointsOf(shape: Float32Array): PointPx[] {
  return Array.from({ length: shape.length / 2 }, (_, point) => ({
    x: shape[2 * point] as number,
    y: shape[2 * point + 1] as number,
  }));
}

/** The square in which the trees' mean face lies as the given points do.
 *  @param points where the mean face's points are in the picture, roughly */
export function boxForPoints(trees: RegressionTrees, points: readonly PointPx[]): BoxPx {
  const mean = pointsOf(trees.meanShape);
  const toImage = fitSimilarity(mean, points);
  const side = Math.hypot(toImage.a, toImage.b);
  const middle = transformPoint(toImage, { x: 0.5, y: 0.5 });
  return { x: middle.x - side / 2, y: middle.y - side / 2, width: side, height: side };
}
