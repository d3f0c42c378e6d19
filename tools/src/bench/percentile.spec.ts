import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from './percentile.js';

describe('percentile', () => {
  it('is the nearest rank', () => {
    const values = [15, 20, 35, 40, 50];
    expect([0, 0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(values, share))).toEqual([
      15, 15, 20, 20, 35, 50,
    ]);
  });

  it('is no number without values', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('is one of the values, with at least that share of them at or below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const before = [...values];
          const value = percentile(values, share);
          expect(values).toEqual(before);
          expect(values).toContain(value);
          const below = values.filter((other) => other < value).length;
          const within = values.filter((other) => other <= value).length;
          expect(within).toBeGreaterThanOrEqual(share * values.length);
          expect(below).toBeLessThanOrEqual(share * values.length);
        },
      ),
    );
  });
});
