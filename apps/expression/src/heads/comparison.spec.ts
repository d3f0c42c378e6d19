import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, isBetter, LEAST_HELD_OUT, signTest, type Answer } from './comparison.js';

const answers = (onlyAfter: number, onlyBefore: number, both: number): Answer[] => [
  ...Array.from(
    { length: onlyAfter },
    () => ({ truth: 'neutral', before: 'dissatisfied', after: 'neutral' }) as const,
  ),
  ...Array.from(
    { length: onlyBefore },
    () => ({ truth: 'satisfied', before: 'satisfied', after: 'unsure' }) as const,
  ),
  ...Array.from(
    { length: both },
    () => ({ truth: 'satisfied', before: 'satisfied', after: 'satisfied' }) as const,
  ),
];

describe('the comparison of two heads', () => {
  it('knows the chances of a coin', () => {
    expect(signTest(0, 10)).toBeCloseTo(1, 12);
    expect(signTest(10, 10)).toBeCloseTo(1 / 1_024, 12);
    expect(signTest(8, 10)).toBeCloseTo(56 / 1_024, 12);
    expect(signTest(0, 0)).toBe(1);
  });

  it('counts who is right where, and an unsure answer as wrong', () => {
    expect(compare(answers(8, 1, 15))).toEqual({
      examples: 24,
      rightBefore: 16,
      rightAfter: 23,
      onlyAfter: 8,
      onlyBefore: 1,
      chance: signTest(8, 9),
    });
  });

  it('lets a new head serve only when it is better beyond chance, on enough examples', () => {
    expect(isBetter(compare(answers(8, 1, 15)))).toBe(true);
    expect(isBetter(compare(answers(6, 2, 16)))).toBe(false);
    expect(isBetter(compare(answers(0, 0, 40)))).toBe(false);
    expect(isBetter(compare(answers(9, 1, LEAST_HELD_OUT - 11)))).toBe(false);
  });

  it('never lets a head serve that is not better', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(40), (after, before, both) => {
        const comparison = compare(answers(after, before, both));
        expect(comparison.chance).toBeGreaterThanOrEqual(0);
        expect(comparison.chance).toBeLessThanOrEqual(1);
        if (after <= before) expect(isBetter(comparison)).toBe(false);
      }),
    );
  });
});
