import type { FaceScoring } from '@regulars/vision';
import { distanceAtRate } from '@regulars/vision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetState, passesAWeek, tolerableRate, type DayTally } from './budget.js';
import { HIGHEST_FALSE_MATCH_RATE, identityRule, predictedRate } from './threshold.js';

const scoring: FaceScoring = {
  scoringVersion: 1,
  model: 'test',
  crowding: { constant: 0, linear: [0], values: [], vectors: [] },
  templates: [
    [1e-5, 0.05],
    [1e-3, 0.07],
    [1e-1, 0.11],
  ],
  fitted: { on: 'nobody', people: 100, pictures: 100, digests: [] },
};
const day = (passes: number, extra: Partial<DayTally> = {}): DayTally => ({
  passes,
  near: 0,
  expected: 0,
  denied: 0,
  ...extra,
});

describe('identityRule', () => {
  it('is never looser than one false match in a hundred thousand', () => {
    const rule = identityRule(scoring, { people: 1, shift: 0, fpir: 0.02 });
    expect(rule.threshold).toBe(distanceAtRate(scoring.templates, HIGHEST_FALSE_MATCH_RATE));
    expect(rule.limitedBy).toBe('recogniser');
  });

  it('holds the predicted rate of wrong recognitions at what is tolerable', () => {
    const people = fc.integer({ min: 1_000, max: 100_000 });
    const rates = fc.double({ min: 1e-4, max: 5e-3, noNaN: true });
    const shifts = fc.double({ min: -0.01, max: 0, noNaN: true });
    fc.assert(
      fc.property(people, rates, shifts, (size, fpir, shift) => {
        const operating = { people: size, shift, fpir };
        const { threshold, limitedBy } = identityRule(scoring, operating);
        expect(limitedBy).toBe('budget');
        expect(predictedRate(scoring, threshold, operating)).toBeCloseTo(fpir, 6);
      }),
    );
  });

  it('grows stricter with people, with traffic and with a gallery that lies near, and one view alone needs more', () => {
    const operating = { people: 1_000, shift: 0, fpir: 1e-3 };
    const { threshold, certain } = identityRule(scoring, operating);
    expect(certain).toBeLessThan(threshold);
    expect(identityRule(scoring, { ...operating, people: 10_000 }).threshold).toBeLessThan(threshold);
    expect(identityRule(scoring, { ...operating, fpir: 1e-4 }).threshold).toBeLessThan(threshold);
    expect(identityRule(scoring, { ...operating, shift: -0.005 }).threshold).toBeLessThan(threshold);
  });
});

describe('the budget', () => {
  it('assumes a busy shop until a week was measured', () => {
    expect(passesAWeek([])).toBe(1_000);
    expect(passesAWeek([day(10), day(20)])).toBe(1_000);
    expect(passesAWeek(Array.from({ length: 7 }, () => day(50)))).toBe(350);
    expect(passesAWeek([day(3_000)])).toBe(21_000);
    expect(passesAWeek(Array.from({ length: 7 }, () => day(1)))).toBe(100);
  });

  it('divides what is tolerable by what passes, and never lets more than one in fifty through', () => {
    expect(tolerableRate(5, 1_000)).toBe(0.005);
    expect(tolerableRate(500, 1_000)).toBe(0.02);
  });

  it('predicts at most what is tolerated, whatever the gallery and the traffic', () => {
    const inputs = fc.record({
      wrongPerWeek: fc.double({ min: 0.01, max: 100, noNaN: true }),
      passesPerWeek: fc.integer({ min: 100, max: 100_000 }),
      people: fc.integer({ min: 0, max: 20_000 }),
      templates: fc.integer({ min: 0, max: 60_000 }),
      own: fc.option(
        fc.record({
          probes: fc.integer({ min: 1, max: 500 }),
          rate: fc.constant(1e-3),
          distance: fc.double({ min: 0.05, max: 0.08, noNaN: true }),
        }),
      ),
    });
    fc.assert(
      fc.property(inputs, (drawn) => {
        const { predictedFpir } = budgetState(scoring, drawn);
        expect(predictedFpir * drawn.passesPerWeek).toBeLessThanOrEqual(drawn.wrongPerWeek * 1.001);
      }),
    );
  });
});
