import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetectedFace } from '../vision.js';
import { mergeFaces, overlapOf } from './merge-faces.js';

const box = fc.record({
  x: fc.integer({ min: 0, max: 200 }),
  y: fc.integer({ min: 0, max: 200 }),
  width: fc.integer({ min: 1, max: 80 }),
  height: fc.integer({ min: 1, max: 80 }),
});
const face: fc.Arbitrary<DetectedFace> = fc.record({
  boxPx: box,
  score: fc.double({ min: 0.01, max: 1, noNaN: true }),
  keypoints: fc.constant([{ x: 1, y: 2 }]),
});

describe('the overlap of two boxes', () => {
  it('is 1 with itself, the same both ways, and never beyond 0 and 1', () => {
    fc.assert(
      fc.property(box, box, (one, other) => {
        expect(overlapOf(one, one)).toBe(1);
        expect(overlapOf(one, other)).toBe(overlapOf(other, one));
        expect(overlapOf(one, other)).toBeGreaterThanOrEqual(0);
        expect(overlapOf(one, other)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of halves that share a third is a third', () => {
    const one = { x: 0, y: 0, width: 20, height: 10 };
    expect(overlapOf(one, { ...one, x: 10 })).toBeCloseTo(1 / 3, 12);
    expect(overlapOf(one, { ...one, x: 20 })).toBe(0);
  });
});

describe('merging detections', () => {
  it('joins those of one face, weighted by their scores, and keeps the best score', () => {
    const at = (x: number, score: number): DetectedFace => ({
      boxPx: { x, y: 0, width: 40, height: 40 },
      score,
      keypoints: [{ x: x + 10, y: 10 }],
    });
    expect(mergeFaces([at(0, 0.3), at(4, 0.9), at(100, 0.6)], 0.3)).toEqual([
      { boxPx: { x: 3, y: 0, width: 40, height: 40 }, score: 0.9, keypoints: [{ x: 13, y: 10 }] },
      at(100, 0.6),
    ]);
  });

  it('never gives more faces than went in, and gives the best first', () => {
    fc.assert(
      fc.property(fc.array(face, { maxLength: 30 }), (faces) => {
        const merged = mergeFaces(faces, 0.3);
        expect(merged.length).toBeLessThanOrEqual(faces.length);
        expect(merged.length > 0).toBe(faces.length > 0);
        const scores = merged.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((one, other) => other - one));
        expect(Math.max(0, ...scores)).toBe(Math.max(0, ...faces.map(({ score }) => score)));
      }),
    );
  });
});
