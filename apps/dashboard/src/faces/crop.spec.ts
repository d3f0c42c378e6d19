import type { BoxPx } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropAround, isTooSmall, percentOf } from './crop.js';

const FRAME = { width: 1280, height: 720 };

const faceInFrame = fc
  .record({
    x: fc.double({ min: -40, max: 1200, noNaN: true }),
    y: fc.double({ min: -40, max: 660, noNaN: true }),
    width: fc.double({ min: 20, max: 300, noNaN: true }),
    height: fc.double({ min: 20, max: 300, noNaN: true }),
  })
  .filter((box) => box.x + box.width > 1 && box.y + box.height > 1);

function insideFrame(box: BoxPx): { left: number; top: number; right: number; bottom: number } {
  return {
    left: Math.max(0, box.x),
    top: Math.max(0, box.y),
    right: Math.min(FRAME.width, box.x + box.width),
    bottom: Math.min(FRAME.height, box.y + box.height),
  };
}

describe('the crop around a face', () => {
  it('is twice the longer side of the face, with the face in its middle', () => {
    expect(cropAround({ x: 600, y: 300, width: 80, height: 100 }, [], FRAME)).toEqual({
      x: 540,
      y: 250,
      width: 200,
      height: 200,
    });
  });

  it('becomes smaller until a neighbour stays outside', () => {
    const face = { x: 600, y: 300, width: 100, height: 100 };
    const neighbour = { x: 740, y: 300, width: 100, height: 100 };
    const crop = cropAround(face, [neighbour], FRAME);
    expect(crop.x + crop.width).toBeLessThanOrEqual(741);
    expect(crop.width).toBeGreaterThanOrEqual(150);
  });

  it('keeps one and a half times the face when a neighbour stands too close', () => {
    const crop = cropAround(
      { x: 600, y: 300, width: 100, height: 100 },
      [{ x: 705, y: 300, width: 100, height: 100 }],
      FRAME,
    );
    expect(crop.width).toBeGreaterThanOrEqual(150);
    expect(crop.width).toBeLessThanOrEqual(152);
  });

  it('holds the whole visible face, in whole pixels inside the frame, whatever the neighbours', () => {
    fc.assert(
      fc.property(faceInFrame, fc.array(faceInFrame, { maxLength: 5 }), (face, others) => {
        const crop = cropAround(face, others, FRAME);
        const seen = insideFrame(face);
        expect([crop.x, crop.y, crop.width, crop.height].every(Number.isInteger)).toBe(true);
        expect(crop.x).toBeGreaterThanOrEqual(0);
        expect(crop.y).toBeGreaterThanOrEqual(0);
        expect(crop.x + crop.width).toBeLessThanOrEqual(FRAME.width);
        expect(crop.y + crop.height).toBeLessThanOrEqual(FRAME.height);
        expect(crop.x).toBeLessThanOrEqual(seen.left);
        expect(crop.y).toBeLessThanOrEqual(seen.top);
        expect(crop.x + crop.width).toBeGreaterThanOrEqual(seen.right);
        expect(crop.y + crop.height).toBeGreaterThanOrEqual(seen.bottom);
      }),
    );
  });
});

describe('a face', () => {
  it('is too small below the width that enrolment asks for', () => {
    expect(isTooSmall({ x: 0, y: 0, width: 47, height: 60 })).toBe(true);
    expect(isTooSmall({ x: 0, y: 0, width: 48, height: 60 })).toBe(false);
  });

  it('is placed over a scaled picture by per cent, cut off at the edges', () => {
    expect(percentOf({ x: 640, y: 180, width: 128, height: 72 }, FRAME)).toEqual({
      left: 50,
      top: 25,
      width: 10,
      height: 10,
    });
    expect(percentOf({ x: -64, y: 648, width: 128, height: 144 }, FRAME)).toEqual({
      left: 0,
      top: 90,
      width: 5,
      height: 10,
    });
  });
});
