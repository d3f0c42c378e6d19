import { describe, expect, it } from 'vitest';
import { distanceAtRate, identityRule } from './threshold.js';

describe('identityRule', () => {
  it('is never looser than one false match in a hundred thousand', () => {
    expect(identityRule('dlib-resnet', 0).threshold).toBeCloseTo(0.0493, 4);
    expect(identityRule('dlib-resnet', 100).threshold).toBeCloseTo(0.0493, 4);
  });

  it('grows stricter with the number of people, and one view alone always needs more', () => {
    const rules = [1, 100, 300, 1_000, 10_000].map((people) => identityRule('dlib-resnet', people));
    const thresholds = rules.map((rule) => rule.threshold);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
    for (const rule of rules) expect(rule.certain).toBeLessThan(rule.threshold);
    expect(rules.at(-1)?.threshold).toBeGreaterThan(0.02);
  });

  it('does not guess for a recogniser that was not measured', () => {
    expect(() => identityRule('somebody-elses', 1)).toThrow(
      expect.objectContaining({ code: 'MODEL_MISMATCH' }),
    );
  });
});

describe('distanceAtRate', () => {
  it('is what was measured at the measured rates, and lies between them in between', () => {
    expect(distanceAtRate('dlib-resnet', 1e-4)).toBeCloseTo(0.0595, 6);
    const between = distanceAtRate('dlib-resnet', 3e-4);
    expect(between).toBeGreaterThan(0.0595);
    expect(between).toBeLessThan(0.0728);
  });
});
