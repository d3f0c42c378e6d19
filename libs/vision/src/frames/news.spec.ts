import { describe, expect, it } from 'vitest';
import type { LumaImage } from '../image/luma.js';
import { isNews } from './news.js';

const picture = (levelAt: (x: number, y: number) => number): LumaImage => ({
  data: Uint8Array.from({ length: 80 * 45 }, (_, i) => levelAt(i % 80, Math.floor(i / 80))),
  widthPx: 80,
  heightPx: 45,
});
const tile = { x: 320, y: 160, sizePx: 400 };
const room = picture((x, y) => 60 + x + y);

describe('isNews', () => {
  it('is what was never looked at, or had another size', () => {
    expect(isNews(tile, null, room)).toBe(true);
    expect(isNews(tile, { ...room, widthPx: 45, heightPx: 80 }, room)).toBe(true);
  });

  it('is no noise of a few grey levels and no light that goes on', () => {
    expect(isNews(tile, room, room)).toBe(false);
    const noisy = picture((x, y) => 60 + x + y + ((x * 7 + y * 13) % 7) - 3);
    expect(isNews(tile, room, noisy)).toBe(false);
    expect(
      isNews(
        tile,
        room,
        picture((x, y) => 100 + x + y),
      ),
    ).toBe(false);
  });

  it('is a single cell that shows something else, inside the tile and not beside it', () => {
    const changed = (atX: number, atY: number) =>
      picture((x, y) => 60 + x + y + (x === atX && y === atY ? 8 : 0));
    expect(isNews(tile, room, changed(20, 10))).toBe(true);
    expect(isNews(tile, room, changed(44, 34))).toBe(true);
    expect(isNews(tile, room, changed(19, 10))).toBe(false);
    expect(isNews(tile, room, changed(45, 20))).toBe(false);
  });

  it('is asked of the part of a tile that lies in the picture', () => {
    const whole = { x: 0, y: -280, sizePx: 1280 };
    expect(isNews(whole, room, room)).toBe(false);
    expect(
      isNews(
        whole,
        room,
        picture((x, y) => 60 + x + y + (x === 79 && y === 44 ? 8 : 0)),
      ),
    ).toBe(true);
  });
});
