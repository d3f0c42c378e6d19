import { VisitSatisfaction } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toInstant } from './instants.js';
import { CROPS_KEPT, joinCrops, satisfactionOf, type CropScore } from './satisfaction.js';

const crops = (...scores: (number | null)[]): CropScore[] =>
  scores.map((score, i) => ({ capturedAt: toInstant(i * 1_000), score }));

describe('satisfactionOf', () => {
  it('is the median, which one grimace in a row of smiles does not move', () => {
    expect(satisfactionOf(crops(0.9, 0.88, 0, 0.92, 0.9))).toEqual({
      score: 0.9,
      class: 'satisfied',
      spread: 0.01,
      scoredCrops: 5,
      abstentions: 0,
    });
  });

  it('lies between the middle two of an even number', () => {
    expect(satisfactionOf(crops(0.2, 0.6)).score).toBe(0.4);
  });

  it('counts abstentions and leaves them out', () => {
    expect(satisfactionOf(crops(null, 0.1, null, 0.3))).toMatchObject({
      score: 0.2,
      class: 'dissatisfied',
      scoredCrops: 2,
      abstentions: 2,
    });
  });

  it('is unknown without a scored crop, not zero', () => {
    const unknown = { score: null, class: null, spread: null, scoredCrops: 0 };
    expect(satisfactionOf([])).toEqual({ ...unknown, abstentions: 0 });
    expect(satisfactionOf(crops(null))).toEqual({ ...unknown, abstentions: 1 });
  });

  it.each([
    [0.4, 'dissatisfied'],
    [0.401, 'neutral'],
    [0.599, 'neutral'],
    [0.6, 'satisfied'],
  ])('reads a score of %d as %s', (score, name) => {
    expect(satisfactionOf(crops(score)).class).toBe(name);
  });

  it('is a valid VisitSatisfaction between the lowest and the highest crop', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 60 }), (scores) => {
        const result = VisitSatisfaction.parse(satisfactionOf(crops(...scores)));
        expect(result.score).toBeGreaterThanOrEqual(Math.min(...scores) - 0.0005);
        expect(result.score).toBeLessThanOrEqual(Math.max(...scores) + 0.0005);
        expect(result.spread).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('joinCrops', () => {
  const crop = fc.record({
    capturedAt: fc.integer({ min: 0, max: 500 }).map((s) => toInstant(s * 1_000)),
    score: fc.option(fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10)),
  });

  it('gives the same sample in any order and with any repetition', () => {
    fc.assert(
      fc.property(fc.array(crop, { maxLength: 120 }), fc.integer({ min: 1, max: 9 }), (list, step) => {
        const oneByOne = list.reduce<CropScore[]>((all, one) => joinCrops(all, [one]), []);
        const backwards = [...list].reverse().reduce<CropScore[]>((all, one) => joinCrops([one], all), []);
        const doubled = joinCrops(joinCrops(list.slice(0, step), list), list);
        expect(backwards).toEqual(oneByOne);
        expect(doubled).toEqual(oneByOne);
      }),
    );
  });

  it('keeps all of a short sighting, and a bounded sample over the whole of a long one', () => {
    const short = crops(...Array.from({ length: CROPS_KEPT }, () => 0.5));
    expect(joinCrops(short, [])).toEqual(short);
    const long = joinCrops(crops(...Array.from({ length: 3_200 }, () => 0.5)), []);
    expect(long).toHaveLength(CROPS_KEPT);
    const seconds = long.map(({ capturedAt }) => Date.parse(capturedAt) / 1_000);
    const [first, second] = [
      seconds.filter((s) => s < 1_600).length,
      seconds.filter((s) => s >= 1_600).length,
    ];
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(CROPS_KEPT / 4);
  });
});
