import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSimilarity, invertSimilarity, scaleOf, transformPoint, type Similarity } from './similarity.js';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const similarity: fc.Arbitrary<Similarity> = fc
  .record({
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    tx: coordinate,
    ty: coordinate,
  })
  .map(({ scale, angle, tx, ty }) => ({ a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx, ty }));

/** Points that are not all in one place. */
const spread = fc
  .array(point, { minLength: 2, maxLength: 12 })
  .filter((points) =>
    points.some(({ x, y }) => Math.hypot(x - (points[0]?.x ?? 0), y - (points[0]?.y ?? 0)) > 1),
  );

describe('a similarity', () => {
  it('is found again from the points that it moved', () => {
    fc.assert(
      fc.property(similarity, spread, (moved, points) => {
        const found = fitSimilarity(
          points,
          points.map((each) => transformPoint(moved, each)),
        );
        for (const each of points) {
          const [expected, actual] = [transformPoint(moved, each), transformPoint(found, each)];
          expect(actual.x).toBeCloseTo(expected.x, 4);
          expect(actual.y).toBeCloseTo(expected.y, 4);
        }
      }),
    );
  });

  it('followed by its inverse moves nothing', () => {
    fc.assert(
      fc.property(similarity, point, (moved, each) => {
        const back = transformPoint(invertSimilarity(moved), transformPoint(moved, each));
        expect(back.x).toBeCloseTo(each.x, 5);
        expect(back.y).toBeCloseTo(each.y, 5);
      }),
    );
  });

  it('fits with the least squares when the points do not match exactly', () => {
    const from = [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 0, y: 2 },
    ];
    const stretched = from.map(({ x, y }) => ({ x: x * 3, y }));
    const found = fitSimilarity(from, stretched);
    expect(scaleOf(found)).toBeCloseTo(2, 10);
    expect(transformPoint(found, { x: 1, y: 1 })).toEqual({ x: 3, y: 1 });
  });

  it('of scale zero has no inverse', () => {
    const collapsed = fitSimilarity(
      [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      [
        { x: 5, y: 5 },
        { x: 5, y: 5 },
      ],
    );
    expect(() => invertSimilarity(collapsed)).toThrow(RangeError);
  });
});
