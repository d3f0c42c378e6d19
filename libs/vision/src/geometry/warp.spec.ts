import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../vision.js';
import { warpSquare } from './warp.js';

function paint(widthPx: number, heightPx: number, value: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let index = 0; index < widthPx * heightPx; index += 1) {
    data.fill(value(index % widthPx, Math.floor(index / widthPx)), index * 3, index * 3 + 3);
  }
  return { data, widthPx, heightPx };
}

const redRow = (image: RgbImage, row: number): number[] =>
  Array.from({ length: image.widthPx }, (_, x) => image.data[(row * image.widthPx + x) * 3] ?? 0);

describe('drawing a piece of a picture', () => {
  it('gives the same pixels when nothing is moved', () => {
    const image = paint(6, 6, (x, y) => x * 10 + y);
    expect(warpSquare(image, { a: 1, b: 0, tx: 0, ty: 0 }, 6).data).toEqual(image.data);
  });

  it('moves by whole pixels without blur and is black beyond the edge', () => {
    const image = paint(4, 4, (x) => 10 + x);
    expect(redRow(warpSquare(image, { a: 1, b: 0, tx: 1, ty: 0 }, 4), 0)).toEqual([0, 10, 11, 12]);
    expect(redRow(warpSquare(image, { a: 1, b: 0, tx: 0, ty: -2 }, 4), 2)).toEqual([0, 0, 0, 0]);
  });

  it('mixes neighbours in proportion between pixels', () => {
    const image = paint(4, 4, (x) => x * 60);
    expect(redRow(warpSquare(image, { a: 1, b: 0, tx: -0.25, ty: 0 }, 3), 1)).toEqual([15, 75, 135]);
  });

  it('turns by a quarter', () => {
    const image = paint(3, 3, (x, y) => 10 * y + x);
    const turned = warpSquare(image, { a: 0, b: 1, tx: 3, ty: 0 }, 3);
    expect([redRow(turned, 0), redRow(turned, 2)]).toEqual([
      [20, 10, 0],
      [22, 12, 2],
    ]);
  });

  it('averages what a much smaller piece shows, so that a fine pattern becomes grey', () => {
    const image = paint(120, 120, (x, y) => ((x + y) % 2) * 200);
    const small = warpSquare(image, { a: 1 / 6, b: 0, tx: 0, ty: 0 }, 20);
    expect(Math.min(...small.data)).toBeGreaterThanOrEqual(99);
    expect(Math.max(...small.data)).toBeLessThanOrEqual(101);
  });

  it('keeps an even picture even at every scale and angle inside it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        (scale, angle) => {
          const image = paint(200, 200, () => 77);
          const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
          const piece = warpSquare(image, { a, b, tx: 5 - 100 * a + 100 * b, ty: 5 - 100 * b - 100 * a }, 10);
          expect([...new Set(piece.data)]).toEqual([77]);
        },
      ),
    );
  });
});
