import { initialHead } from '@regulars/vision';
import { describe, expect, it } from 'vitest';
import { withHead } from './serving-head.js';

const CLASSES = ['neutral', 'happiness', 'sadness'];
const head = initialHead({ inputs: 4, hidden: 8, outputs: CLASSES.length }, 1);
const scoresOf = (features: Float32Array) => ({
  classes: CLASSES,
  probabilities: Float32Array.of(0.2, 0.3, 0.5),
  features,
});

describe('scores under another head', () => {
  it('are what the head reads in the features', () => {
    const read = withHead(scoresOf(Float32Array.of(1, -2, 3, 0.5)), head, 1);
    expect([...read.probabilities].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    expect(read.probabilities).not.toEqual(Float32Array.of(0.2, 0.3, 0.5));
  });

  it("stay the model's where its features are not those that the head was learnt from", () => {
    const scores = scoresOf(Float32Array.of(1, -2, 3, 0.5, 7, 7));
    expect(withHead(scores, head, 1)).toBe(scores);
  });
});
