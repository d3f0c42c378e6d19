import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineDistance, lengthLost, meanDirection, unitVector } from './embeddings.js';

const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .map((values) => Float32Array.from(values))
  .filter((values) => Math.hypot(...values) > 1e-3)
  .map(unitVector);

describe('the distance of embeddings', () => {
  it('is 0 to itself, the same both ways, and half the square of L2', () => {
    fc.assert(
      fc.property(vector, vector, (one, other) => {
        expect(cosineDistance(one, one)).toBeCloseTo(0, 5);
        expect(cosineDistance(one, other)).toBe(cosineDistance(other, one));
        const l2 = Math.hypot(...one.map((value, index) => value - (other[index] ?? 0)));
        expect(cosineDistance(one, other)).toBeCloseTo((l2 * l2) / 2, 5);
      }),
    );
  });

  it('is not defined for embeddings of two recognisers', () => {
    expect(() => cosineDistance(new Float32Array(128), new Float32Array(512))).toThrow(/128 and 512/);
  });
});

describe('the mean direction', () => {
  it('lies between two views, at unit length', () => {
    const mean = meanDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(mean[1]).toBeCloseTo(Math.SQRT1_2, 6);
  });
});

describe('the length that a mean loses', () => {
  it('is nothing for one direction, all for opposite ones, and grows as views differ', () => {
    const at = (degrees: number) =>
      Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
    expect(lengthLost([at(20)])).toBeCloseTo(0, 6);
    expect(lengthLost([at(20), at(20), at(20)])).toBeCloseTo(0, 6);
    expect(lengthLost([at(0), at(180)])).toBeCloseTo(1, 6);
    expect(lengthLost([at(0), at(60)])).toBeCloseTo(1 - Math.cos(Math.PI / 6), 6);
    expect(lengthLost([at(0), at(90)])).toBeGreaterThan(lengthLost([at(0), at(80)]));
  });
});

describe('a unit vector', () => {
  it('has length 1, and zeros stay zeros', () => {
    fc.assert(
      fc.property(vector, (each) => {
        expect(Math.hypot(...each)).toBeCloseTo(1, 5);
      }),
    );
    expect([...unitVector(new Float32Array(3))]).toEqual([0, 0, 0]);
  });
});
