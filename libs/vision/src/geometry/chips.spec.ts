import { describe, expect, it } from 'vitest';
import type { PointPx, RgbImage } from '../vision.js';
import { CHIP_POINTS } from './align.js';
import { arcfacePointsOf, CHIP_SHAPES, dlibChipOfArcface } from './chips.js';
import { FIRST_INNER_LANDMARK, MEAN_FACE } from './mean-face.js';
import { scaleOf, transformPoint, type Similarity } from './similarity.js';

/** The mean face somewhere in a picture, turned by 20 degrees and 1.7 times as large as in dlib's chip. */
const placed: Similarity = {
  a: 1.7 * Math.cos(Math.PI / 9),
  b: 1.7 * Math.sin(Math.PI / 9),
  tx: 160,
  ty: 40,
};
const jaw = new Array<PointPx>(FIRST_INNER_LANDMARK).fill({ x: 0, y: 0 });
const landmarks = [...jaw, ...MEAN_FACE].map((point) => transformPoint(placed, point));
const five = CHIP_POINTS.map((point) => transformPoint(placed, point));

/** A black picture with a white disc at a point. */
function discAt({ x, y }: PointPx): RgbImage {
  const [widthPx, heightPx] = [480, 480];
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let row = 0; row < heightPx; row += 1)
    for (let column = 0; column < widthPx; column += 1)
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) < 5)
        data.fill(255, (row * widthPx + column) * 3, (row * widthPx + column) * 3 + 3);
  return { data, widthPx, heightPx };
}

/** Middle of what is bright, counted from the corner of the first pixel. */
function brightOf({ data, widthPx }: RgbImage): PointPx {
  let [x, y, sum] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 3) {
    const value = data[at] ?? 0;
    x += value * (((at / 3) % widthPx) + 0.5);
    y += value * (Math.floor(at / 3 / widthPx) + 0.5);
    sum += value;
  }
  return { x: x / sum, y: y / sum };
}

describe("ArcFace's chip", () => {
  const chip = CHIP_SHAPES['arcface-112'];
  /** insightface's arcface_dst, counted from the middle of the first pixel. */
  const expected = [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
  ] as const;

  it('has eyes, nose and mouth where recognisers of its kind expect them', () => {
    const points = arcfacePointsOf(landmarks);
    points.forEach((point, index) => {
      const image = discAt(point);
      for (const drawn of [chip.quick(image, landmarks), ...chip.close(image, landmarks, five)]) {
        expect([drawn.widthPx, drawn.heightPx]).toEqual([112, 112]);
        const seen = brightOf(drawn);
        const [x, y] = expected[index] as readonly [number, number];
        // The mean face is not quite the reference's: its points lie up to 1.6 px beside them.
        expect(Math.hypot(seen.x - 0.5 - x, seen.y - 0.5 - y)).toBeLessThan(2);
      }
    });
  });

  it('shows the same by all three ways of a close look at the mean face', () => {
    const image = discAt(landmarks[30] as PointPx);
    const [first, ...others] = chip.close(image, landmarks, five).map(brightOf);
    for (const { x, y } of others)
      expect(Math.hypot(x - (first?.x ?? 0), y - (first?.y ?? 0))).toBeLessThan(0.2);
  });

  it('is wider than dlib’s', () => {
    expect(scaleOf(dlibChipOfArcface())).toBeGreaterThan(1.4);
    expect(112 * scaleOf(dlibChipOfArcface())).toBeGreaterThan(150);
  });

  it('needs 68 landmarks', () => {
    expect(() => arcfacePointsOf(landmarks.slice(0, 50))).toThrow(/68 landmarks, got 50/);
  });
});

describe("dlib's chip", () => {
  it('is what it was', () => {
    const chip = CHIP_SHAPES['dlib-150'];
    const image = discAt(five[4] as PointPx);
    for (const drawn of chip.close(image, landmarks, five)) {
      const { x, y } = brightOf(drawn);
      expect(drawn.widthPx).toBe(150);
      expect(Math.hypot(x - (CHIP_POINTS[4]?.x ?? 0), y - (CHIP_POINTS[4]?.y ?? 0))).toBeLessThan(2.5);
    }
  });
});
