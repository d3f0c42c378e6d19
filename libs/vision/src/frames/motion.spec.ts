import { describe, expect, it } from 'vitest';
import type { LumaImage } from '../image/luma.js';
import { CELL_PX, motionOfTiles, seeMotion, type Background } from './motion.js';
import { tileGrid } from './tiles.js';

const WIDTH = 80;
const HEIGHT = 45;
const grid = tileGrid(WIDTH * CELL_PX, HEIGHT * CELL_PX);

function picture(level: (x: number, y: number) => number): LumaImage {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => level(i % WIDTH, Math.floor(i / WIDTH)));
  return { data, widthPx: WIDTH, heightPx: HEIGHT };
}

const still = picture((x, y) => 60 + ((x * 7 + y * 13) % 90));
const withSomebody = picture((x, y) =>
  x >= 10 && x < 14 && y >= 8 && y < 20 ? 220 : 60 + ((x * 7 + y * 13) % 90),
);

function watch(frames: readonly LumaImage[]) {
  let background: Background | null = null;
  return frames.map((frame) => {
    const motion = seeMotion(background, frame);
    background = motion.background;
    return motion;
  });
}

describe('seeMotion', () => {
  it('sees nothing in the first frame, nor where nothing changes', () => {
    for (const { cells } of watch([still, still, still])) expect(cells.includes(1)).toBe(false);
  });

  it('sees who comes in, in the tile where that is', () => {
    const motion = watch([still, withSomebody]).at(-1);
    const tiles = motion ? motionOfTiles(motion, grid, []) : [];
    expect(tiles[0]).toBe(48);
    expect(tiles.slice(1, 4)).toEqual([0, 0, 0]);
  });

  it('takes a change of the light for none', () => {
    const brighter = picture((x, y) => 85 + ((x * 7 + y * 13) % 90));
    expect(watch([still, brighter]).at(-1)?.cells.includes(1)).toBe(false);
  });

  it('takes what stays into the background within 15 seconds at 5 fps', () => {
    const watched = watch([still, ...Array.from({ length: 75 }, () => withSomebody)]);
    expect(watched[1]?.cells.includes(1)).toBe(true);
    expect(watched.at(-1)?.cells.includes(1)).toBe(false);
  });

  it('begins anew when the picture has another size', () => {
    const small = { data: new Uint8Array(12), widthPx: 4, heightPx: 3 };
    expect(watch([still, small]).at(-1)?.cells).toEqual(new Uint8Array(12));
  });
});

describe('motionOfTiles', () => {
  it('leaves out what a tracked person explains', () => {
    const motion = watch([still, withSomebody]).at(-1);
    const face = { x: 10 * CELL_PX, y: 8 * CELL_PX, width: 4 * CELL_PX, height: 4 * CELL_PX };
    expect(motion && motionOfTiles(motion, grid, [face])).toEqual(grid.map(() => 0));
  });
});
