import type { PointPx } from '../vision.js';

/** Rotation, one scale and a shift: x' = a*x - b*y + tx, y' = b*x + a*y + ty. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** The similarity that takes `from` to `to` with the least sum of squared distances (Umeyama 1991, in two
 *  dimensions and without reflection). Points that coincide give a scale of zero.
 *  @param from at least two points
 *  @param to as many, in the same order */
export function fitSimilarity(from: readonly PointPx[], to: readonly PointPx[]): Similarity {
  const [fromMean, toMean] = [meanPoint(from), meanPoint(to)];
  let [along, across, spread] = [0, 0, 0];
  from.forEach((point, index) => {
    const target = to[index] ?? toMean;
    const [x, y] = [point.x - fromMean.x, point.y - fromMean.y];
    const [u, v] = [target.x - toMean.x, target.y - toMean.y];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  });
  const [a, b] = spread > 0 ? [along / spread, across / spread] : [0, 0];
  return {
    a,
    b,
    tx: toMean.x - a * fromMean.x + b * fromMean.y,
    ty: toMean.y - b * fromMean.x - a * fromMean.y,
  };
}

function meanPoint(points: readonly PointPx[]): PointPx {
  let [x, y] = [0, 0];
  for (const point of points) [x, y] = [x + point.x, y + point.y];
  return { x: x / points.length, y: y / points.length };
}

export function transformPoint({ a, b, tx, ty }: Similarity, { x, y }: PointPx): PointPx {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

/** @throws RangeError when the scale is zero */
export function invertSimilarity({ a, b, tx, ty }: Similarity): Similarity {
  const squaredScale = a * a + b * b;
  if (squaredScale === 0) throw new RangeError('a similarity of scale zero has no inverse');
  const [ia, ib] = [a / squaredScale, -b / squaredScale];
  return { a: ia, b: ib, tx: -ia * tx + ib * ty, ty: -ib * tx - ia * ty };
}

export function scaleOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}
