import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '@regulars/contracts/random';
import { daysToPurchase } from './next-purchase.js';
import { fitRanges, rangeOf } from './ranges.js';

/** Customers who stay away with a chance of their own, and else spend about what was expected of buyers. */
const outcomes = (seed: number, count: number) => {
  const random = randomOf(seed);
  const churn = Array.from({ length: count }, () => random());
  const expectedMinor = churn.map((chance) => 10_000 * (1 - chance));
  const spentMinor = churn.map((chance) =>
    random() < chance ? 0 : 10_000 * Math.exp(0.5 * normalOf(random) - 0.125),
  );
  return { churn, expectedMinor, spentMinor };
};

describe('intervals of the spend', () => {
  it('hold eight of ten of what comes, among the sure and the doubtful', () => {
    const ranges = fitRanges(outcomes(1, 6_000));
    if (ranges === null) throw new Error('expected ranges');
    const { churn, expectedMinor, spentMinor } = outcomes(2, 6_000);
    for (const [from, to] of [
      [0, 0.3],
      [0.3, 0.7],
      [0, 1],
    ] as const) {
      const own = churn.flatMap((chance, index) => (chance >= from && chance < to ? [index] : []));
      const held = own.filter((index) => {
        const { low, high } = rangeOf(ranges, churn[index] ?? 0, expectedMinor[index] ?? 0);
        return (spentMinor[index] ?? 0) >= low && (spentMinor[index] ?? 0) <= high;
      });
      expect(held.length / own.length).toBeGreaterThan(0.77);
      expect(held.length / own.length).toBeLessThan(0.87);
    }
  });

  it('are none with too few outcomes, and of one kind with few', () => {
    expect(fitRanges(outcomes(1, 49))).toBeNull();
    expect(fitRanges(outcomes(1, 60))?.bounds).toEqual([]);
  });
});

describe('the day of the next purchase', () => {
  const model = { r: 0.8, alpha: 40, a: 0.5, b: 4 };
  const regular = { repeats: 12, lastAfter: 360, observed: 370 };

  it('is sooner for who buys often, and later the likelier it is that nothing is bought', () => {
    const days = (churn: number) => daysToPurchase(model, regular, { churn, days: 91 });
    expect(days(0.05)).toBeGreaterThan(1);
    expect(days(0.05)).toBeLessThan(days(0.3) ?? Infinity);
    expect(days(0.3)).toBeLessThan(91);
    // Even odds at the horizon are even odds on that day.
    expect(days(0.5)).toBe(91);
  });

  it('is none where that is never or more than a year away', () => {
    expect(
      daysToPurchase(model, { repeats: 3, lastAfter: 20, observed: 600 }, { churn: 0.97, days: 91 }),
    ).toBeNull();
    expect(
      daysToPurchase(model, { repeats: 0, lastAfter: 0, observed: 700 }, { churn: 0.9, days: 91 }),
    ).toBeNull();
  });
});
