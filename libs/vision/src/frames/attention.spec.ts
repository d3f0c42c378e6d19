import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LumaImage } from '../image/luma.js';
import { ATTENTION, chooseTiles, noteFaces, type Attention, type Scene } from './attention.js';
import { CELL_PX } from './motion.js';
import { isNews } from './news.js';
import { coversFace, tileGrid, wholeFrame } from './tiles.js';

const sizes = fc.constantFrom([1280, 720], [640, 480], [400, 300], [1920, 1080], [720, 1280] as const);

const scenes = sizes.chain(([widthPx = 0, heightPx = 0]) => {
  const box = fc
    .record({
      x: fc.integer({ min: -50, max: widthPx }),
      y: fc.integer({ min: -50, max: heightPx }),
      width: fc.integer({ min: 12, max: Math.floor(heightPx / 2.5) }),
    })
    .map(({ x, y, width }) => ({ x, y, width, height: width }));
  const motion = fc.array(fc.integer({ min: 0, max: 40 }), {
    minLength: tileGrid(widthPx, heightPx).length,
    maxLength: tileGrid(widthPx, heightPx).length,
  });
  const moving = fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 300 }),
      sizePx: fc.integer({ min: 400, max: 700 }),
    }),
    { maxLength: 3 },
  );
  const changes = fc.array(fc.nat(10_000), { maxLength: 3 });
  return fc.array(
    fc
      .record({ expectedPx: fc.array(box, { maxLength: 4 }), motion, moving, changes })
      .map(({ changes, ...s }) => ({
        ...s,
        widthPx,
        heightPx,
        cells: cellsOf(widthPx, heightPx, changes),
      })),
    { minLength: 2, maxLength: 80 },
  );
});

/** An even picture but for some cells. */
function cellsOf(widthPx: number, heightPx: number, changed: readonly number[] = []): LumaImage {
  const [width, height] = [Math.floor(widthPx / CELL_PX), Math.floor(heightPx / CELL_PX)];
  const data = new Uint8Array(width * height).fill(100);
  for (const index of changed) data[index % data.length] = 180;
  return { data, widthPx: width, heightPx: height };
}

function choices(run: readonly Scene[]) {
  let attention: Attention | null = null;
  return run.map((scene) => {
    const choice = chooseTiles(attention, scene);
    attention = noteFaces(choice.attention, []);
    return { scene, tiles: choice.tiles };
  });
}

const empty = (widthPx: number, heightPx: number): Scene => ({
  widthPx,
  heightPx,
  expectedPx: [],
  motion: tileGrid(widthPx, heightPx).map(() => 0),
  moving: [],
  cells: cellsOf(widthPx, heightPx),
});

describe('chooseTiles', () => {
  it('looks at everything in the first frame, and in the first of another size', () => {
    const first = chooseTiles(null, empty(1280, 720));
    expect(first.tiles).toEqual([wholeFrame(1280, 720), ...tileGrid(1280, 720)]);
    expect(chooseTiles(first.attention, empty(640, 480)).tiles).toHaveLength(5);
  });

  it('looks at a tile that shows anything new within ten frames, and at every tile once in a while', () => {
    fc.assert(
      fc.property(scenes, (run) => {
        const looked = choices(run);
        for (const tile of tileGrid(run[0]?.widthPx ?? 0, run[0]?.heightPx ?? 0)) {
          let shown: LumaImage | null = null;
          let [unseen, rested] = [0, 0];
          for (const { scene, tiles } of looked) {
            const isLookedAt = tiles.some(({ x, y, sizePx }) => {
              return x === tile.x && y === tile.y && sizePx === tile.sizePx;
            });
            unseen = !isLookedAt && isNews(tile, shown, scene.cells) ? unseen + 1 : 0;
            rested = isLookedAt ? 0 : rested + 1;
            if (isLookedAt) shown = scene.cells;
            expect(unseen).toBeLessThan(ATTENTION.sweepFrames);
            expect(rested).toBeLessThan(ATTENTION.restFrames + ATTENTION.sweepFrames);
          }
        }
      }),
    );
  });

  it('goes on looking at a tile in which there was a face, although nothing changes', () => {
    const scene = empty(1280, 720);
    let { attention } = chooseTiles(null, scene);
    const looks = Array.from({ length: ATTENTION.sweepFrames }, () => {
      attention = noteFaces(attention, [{ x: 100, y: 100, width: 60, height: 60 }]);
      const choice = chooseTiles(attention, scene);
      attention = choice.attention;
      return choice.tiles;
    }).flat();
    expect(looks).toEqual([tileGrid(1280, 720)[0]]);
  });

  it('covers every expected face with room to move', () => {
    fc.assert(
      fc.property(scenes, (run) => {
        for (const { scene, tiles } of choices(run).slice(1)) {
          for (const box of scene.expectedPx) {
            expect(tiles.some((tile) => coversFace(tile, box, scene))).toBe(true);
          }
        }
      }),
    );
  });

  it('stays within its budget but for tracked faces and the sweep', () => {
    fc.assert(
      fc.property(scenes, (run) => {
        const slots = Math.ceil(tileGrid(run[0]?.widthPx ?? 0, run[0]?.heightPx ?? 0).length / 9);
        for (const { scene, tiles } of choices(run).slice(1)) {
          expect(tiles.length).toBeLessThanOrEqual(
            Math.max(ATTENTION.budget, scene.expectedPx.length + slots),
          );
        }
      }),
    );
  });

  it('looks at no tile twice in one frame', () => {
    fc.assert(
      fc.property(scenes, (run) => {
        for (const { tiles } of choices(run))
          expect(new Set(tiles.map((t) => JSON.stringify(t))).size).toBe(tiles.length);
      }),
    );
  });

  it('looks at about one tile in ten frames while the picture stays the same', () => {
    const looked = choices(Array.from({ length: 101 }, () => empty(1280, 720))).slice(1);
    const tiles = looked.reduce((sum, one) => sum + one.tiles.length, 0);
    expect(tiles).toBeGreaterThanOrEqual(9);
    expect(tiles).toBeLessThan(20);
  });

  it('looks at about one tile a frame while everything changes a little all the time', () => {
    const run = Array.from({ length: 101 }, (_, frame) => ({
      ...empty(1280, 720),
      cells: cellsOf(1280, 720, frame % 2 === 0 ? [] : Array.from({ length: 900 }, (_, i) => i * 4)),
    }));
    const tiles = choices(run)
      .slice(1)
      .reduce((sum, one) => sum + one.tiles.length, 0);
    expect(tiles / 100).toBeLessThan(1.2);
  });

  it('looks at a tile in which something moves, and in which there may be faces, within six frames', () => {
    const motion = tileGrid(1280, 720).map((_, i) => (i === 6 ? 9 : 0));
    const moves = { ...empty(1280, 720), motion };
    const looked = choices([empty(1280, 720), ...Array.from({ length: 6 }, () => moves)]).slice(1);
    expect(looked.flatMap(({ tiles }) => tiles)).toContainEqual(tileGrid(1280, 720)[6]);
  });

  it('looks at what moves every other frame, and in the very frame in which it begins to', () => {
    const square = { x: 333, y: 111, sizePx: 440 };
    const motion = tileGrid(1280, 720).map((_, i) => (i === 1 ? 9 : 0));
    const still = { ...chooseTiles(null, empty(1280, 720)).attention, still: motion.map(() => 3) };
    const moves = { ...empty(1280, 720), motion, moving: [square] };
    const looks = [1, 2, 3, 4].reduce<{ attention: Attention; looked: readonly boolean[] }>(
      ({ attention, looked }) => {
        const choice = chooseTiles(attention, moves);
        return { attention: choice.attention, looked: [...looked, choice.tiles.includes(square)] };
      },
      { attention: still, looked: [] },
    );
    expect(looks.looked).toEqual([true, false, true, false]);
  });

  it('looks in that very frame where something begins to move, however often nothing was found there', () => {
    const grid = tileGrid(1280, 720);
    const motion = grid.map((_, i) => (i === 6 ? 9 : 0));
    const { attention } = chooseTiles(null, empty(1280, 720));
    const after = (stillFrames: number) =>
      chooseTiles(
        { ...attention, fruitless: grid.map(() => 9), still: grid.map(() => stillFrames) },
        { ...empty(1280, 720), motion },
      ).tiles;
    expect(after(ATTENTION.stillFrames)).toContainEqual(grid[6]);
    expect(after(ATTENTION.stillFrames - 1)).not.toContainEqual(grid[6]);
  });
});
