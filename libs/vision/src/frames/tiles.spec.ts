import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversFace, tileAround, tileGrid, TILE_OVERLAP_PX, wholeFrame } from './tiles.js';

describe('tileGrid', () => {
  it('has eight tiles of 400 px at 1280x720', () => {
    const grid = tileGrid(1280, 720);
    expect(grid).toHaveLength(8);
    expect(grid[0]).toEqual({ x: 0, y: 0, sizePx: 400 });
    expect(grid[7]).toEqual({ x: 880, y: 320, sizePx: 400 });
  });

  it('shows every face up to the overlap whole in some tile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 160, max: 2000 }),
        fc.integer({ min: 160, max: 1300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 16, max: TILE_OVERLAP_PX }),
        (widthPx, heightPx, u, v, side) => {
          const x = u * (widthPx - side);
          const y = v * (heightPx - side);
          const isWhole = tileGrid(widthPx, heightPx).some(
            (t) => x >= t.x && y >= t.y && x + side <= t.x + t.sizePx && y + side <= t.y + t.sizePx,
          );
          expect(isWhole).toBe(true);
        },
      ),
    );
  });

  it('is the whole picture where that is no larger than a tile', () => {
    expect(tileGrid(320, 240)).toEqual([wholeFrame(320, 240)]);
  });
});

describe('tileAround', () => {
  it('covers the face that it was made for, and stays in the picture', () => {
    const frame = { widthPx: 1280, heightPx: 720 };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1100 }),
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 16, max: 250 }),
        (x, y, width) => {
          const box = { x, y, width, height: width };
          const tile = tileAround(box, frame);
          expect(coversFace(tile, box, frame)).toBe(true);
          if (tile.sizePx <= 720) {
            expect(tile.x).toBeGreaterThanOrEqual(0);
            expect(tile.y).toBeGreaterThanOrEqual(0);
            expect(tile.x + tile.sizePx).toBeLessThanOrEqual(1280);
            expect(tile.y + tile.sizePx).toBeLessThanOrEqual(720);
          }
        },
      ),
    );
  });
});

describe('coversFace', () => {
  const frame = { widthPx: 1280, heightPx: 720 };

  it('does not trust the whole picture with a small face', () => {
    const whole = wholeFrame(1280, 720);
    expect(coversFace(whole, { x: 600, y: 300, width: 130, height: 130 }, frame)).toBe(true);
    expect(coversFace(whole, { x: 600, y: 300, width: 60, height: 60 }, frame)).toBe(false);
  });

  it('is false for a face that would leave the tile by moving half of its width', () => {
    const tile = { x: 0, y: 0, sizePx: 400 };
    expect(coversFace(tile, { x: 200, y: 200, width: 60, height: 60 }, frame)).toBe(true);
    expect(coversFace(tile, { x: 320, y: 200, width: 60, height: 60 }, frame)).toBe(false);
  });
});
