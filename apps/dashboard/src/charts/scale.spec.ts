import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleOf, ticksOf } from './scale.js';

describe('the scale of a chart', () => {
  it.each([
    [
      [0.69, 0.83],
      [0.65, 0.7, 0.75, 0.8, 0.85],
    ],
    [
      [0, 100],
      [0, 25, 50, 75, 100],
    ],
    [[], [0, 1]],
  ])('of %j has the lines %j', (values, ticks) => {
    expect(ticksOf(values)).toEqual(ticks);
  });

  it('spans all values with few lines that rise, whatever they are', () => {
    const values = fc.array(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((value) => value / 1_000),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(values, (all) => {
        const ticks = ticksOf(all);
        const slack = Math.max(1e-9, Math.max(...all.map(Math.abs)) * 1e-9);
        expect(ticks[0]).toBeLessThanOrEqual(Math.min(...all) + slack);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(...all) - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('puts the ends where they belong', () => {
    const place = scaleOf([10, 15, 20], 100, 0);
    expect([place(10), place(15), place(20)]).toEqual([100, 50, 0]);
  });
});
