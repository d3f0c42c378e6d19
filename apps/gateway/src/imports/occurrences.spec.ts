import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Occurrences } from './occurrences.js';

describe('how often rows were met', () => {
  it('is counted as a map would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', ' ', '', 'card-1 1767348000000 1990', 'ä'), { maxLength: 60 }),
        (texts) => {
          const occurrences = new Occurrences();
          const counts = new Map<string, number>();
          for (const text of texts) {
            counts.set(text, (counts.get(text) ?? 0) + 1);
            expect(occurrences.meet(text)).toBe(counts.get(text));
          }
        },
      ),
    );
  });

  it('is told of many that differ in little, in a few bytes each', () => {
    const occurrences = new Occurrences();
    const textOf = (i: number) => `card-${i % 997} ${1_700_000_000_000 + i} ${i % 89}`;
    let wrong = 0;
    for (let i = 0; i < 300_000; i++) if (occurrences.meet(textOf(i)) !== 1) wrong += 1;
    expect(wrong).toBe(0);
    for (let i = 0; i < 300_000; i += 1_000) expect(occurrences.meet(textOf(i))).toBe(2);
    expect(occurrences.meet(textOf(5_000))).toBe(3);
  });
});
