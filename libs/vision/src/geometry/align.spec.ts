import { describe, expect, it } from 'vitest';
import type { PointPx, RgbImage } from '../vision.js';
import { alignFace, chipTransform, mirrorImage } from './align.js';
import { transformPoint } from './similarity.js';

/** Where dlib's chip of 150 px with a padding of a quarter has its five points. */
const CHIP = new Map([
  [45, { x: 110.957, y: 46.35 }],
  [42, { x: 89.606, y: 47.897 }],
  [36, { x: 37.058, y: 46.373 }],
  [39, { x: 58.409, y: 47.906 }],
  [33, { x: 74.011, y: 87.78 }],
]);

/** A face with its eyes and nose as in the chip, enlarged, turned and moved. */
function faceAt(scale: number, angle: number, { x, y }: PointPx): PointPx[] {
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return Array.from({ length: 68 }, (_, landmark) => {
    const point = CHIP.get(landmark) ?? { x: 0, y: 0 };
    return { x: a * point.x - b * point.y + x, y: b * point.x + a * point.y + y };
  });
}

describe('aligning a face', () => {
  it("brings eyes and nose to dlib's places, however large and turned the face is", () => {
    const landmarks = faceAt(2.5, 0.6, { x: 300, y: -40 });
    const toChip = chipTransform(landmarks);
    for (const [landmark, expected] of CHIP) {
      const actual = transformPoint(toChip, landmarks[landmark] ?? { x: 0, y: 0 });
      expect(actual.x).toBeCloseTo(expected.x, 1);
      expect(actual.y).toBeCloseTo(expected.y, 1);
    }
  });

  it('gives a chip of 150 px that shows the face', () => {
    const image: RgbImage = { data: new Uint8Array(400 * 400 * 3), widthPx: 400, heightPx: 400 };
    const landmarks = faceAt(2, 0, { x: 20, y: 30 });
    const nose = landmarks[33] ?? { x: 0, y: 0 };
    for (let y = -4; y < 4; y += 1) {
      for (let x = -4; x < 4; x += 1) {
        image.data[((Math.round(nose.y) + y) * 400 + Math.round(nose.x) + x) * 3 + 1] = 255;
      }
    }
    const chip = alignFace(image, landmarks);
    expect([chip.widthPx, chip.heightPx]).toEqual([150, 150]);
    expect(chip.data[(88 * 150 + 74) * 3 + 1]).toBe(255);
    expect(chip.data[(60 * 150 + 74) * 3 + 1]).toBe(0);
  });

  it('refuses another mark-up', () => {
    expect(() => chipTransform([{ x: 1, y: 1 }])).toThrow(/68 landmarks/);
  });
});

describe('a mirrored picture', () => {
  it('has its columns in reverse and their colours unchanged', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const mirrored = mirrorImage({ data, widthPx: 2, heightPx: 2 });
    expect([...mirrored.data]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  });
});
