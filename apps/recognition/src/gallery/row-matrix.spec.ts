import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowMatrix } from './row-matrix.js';

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

const dot = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, i) => sum + value * (other[i] as number), 0);

/** Vectors of so many components that are the same every time. */
function vectorsOf(dimensions: number, count: number, seed: number): Float32Array[] {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
  return Array.from({ length: count }, () => unit(Array.from({ length: dimensions }, next)));
}

describe('a matrix of rows', () => {
  it('gives the product of a probe with each row, to the error that it states', () => {
    const shapes = fc.record({
      dimensions: fc.constantFrom(1, 3, 32, 33, 128, 512),
      rows: fc.integer({ min: 1, max: 300 }),
      seed: fc.integer({ min: 1, max: 1_000 }),
    });
    fc.assert(
      fc.property(shapes, ({ dimensions, rows, seed }) => {
        const [probe = new Float32Array(), ...vectors] = vectorsOf(dimensions, rows + 1, seed);
        const matrix = new RowMatrix(dimensions);
        vectors.forEach((vector, row) => matrix.set(row, vector));
        const products = matrix.products(probe, rows);
        expect(products).toHaveLength(rows);
        vectors.forEach((vector, row) => {
          const error = Math.abs((products[row] ?? NaN) * RowMatrix.unit - dot(vector, probe));
          expect(error).toBeLessThanOrEqual(matrix.worstError);
        });
        expect(matrix.worstError).toBeLessThan(1e-3);
      }),
      { numRuns: 40 },
    );
  });

  it('holds the extremes: the same vector, its opposite, one component alone', () => {
    const matrix = new RowMatrix(4);
    const one = unit([1, 0, 0, 0]);
    matrix.set(0, one);
    matrix.set(1, unit([-1, 0, 0, 0]));
    expect([...matrix.products(one, 2)].map((product) => product * RowMatrix.unit)).toEqual([1, -1]);
  });

  it('moves a row into a gap, and leaves nothing of one that is cleared', () => {
    const [a = unit([1]), b = unit([1])] = vectorsOf(8, 2, 7);
    const matrix = new RowMatrix(8);
    matrix.set(0, a);
    matrix.set(1, b);
    matrix.copy(1, 0);
    matrix.clear(1);
    const [first = 0, second = NaN] = matrix.products(b, 2);
    expect(first * RowMatrix.unit).toBeCloseTo(1, 4);
    expect(second).toBe(0);
  });
});
