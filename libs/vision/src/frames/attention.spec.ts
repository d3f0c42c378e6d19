import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTENTION, chooseTiles, type Attention, type Scene } from './attention.js';
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
  return fc.array(
    fc
      .record({ expectedPx: fc.array(box, { maxLength: 4 }), motion })
      .map((s) => ({ ...s, widthPx, heightPx })),
    { minLength: 2, maxLength: 45 },
  );
});

function choices(run: readonly Scene[]) {
  let attention: Attention | null = null;
  return run.map((scene) => {
    const choice = chooseTiles(attention, scene);
    attention = choice.attention;
    return { scene, tiles: choice.tiles };
  });
}

const empty = (widthPx: number, heightPx: number): Scene => ({
  widthPx,
  heightPx,
  expectedPx: [],
  motion: tileGrid(widthPx, heightPx).map(() => 0),
});

describe('chooseTiles', () => {
  it('looks at everything in the first frame, and in the first of another size', () => {
    const first = chooseTiles(null, empty(1280, 720));
    expect(first.tiles).toEqual([wholeFrame(1280, 720), ...tileGrid(1280, 720)]);
    expect(chooseTiles(first.attention, empty(640, 480)).tiles).toHaveLength(5);
  });

  it('looks at every tile of the grid at least once in ten frames, whatever else happens', () => {
    fc.assert(
      fc.property(scenes, (run) => {
        const looked = choices(run);
        const grid = tileGrid(run[0]?.widthPx ?? 0, run[0]?.heightPx ?? 0);
        for (let from = 0; from + ATTENTION.sweepFrames <= looked.length; from++) {
          const window = looked.slice(from, from + ATTENTION.sweepFrames).flatMap(({ tiles }) => tiles);
          for (const tile of grid) expect(window).toContainEqual(tile);
        }
      }),
    );
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

  it('looks at about one tile a frame while nothing happens', () => {
    const looked = choices(Array.from({ length: 101 }, () => empty(1280, 720))).slice(1);
    const tiles = looked.reduce((sum, one) => sum + one.tiles.length, 0);
    expect(tiles / 100).toBeLessThan(1.2);
  });

  it('looks at once where something moves', () => {
    const still = choices([empty(1280, 720), empty(1280, 720), empty(1280, 720)]);
    expect(still.at(-1)?.tiles.length).toBeLessThan(3);
    const { attention } = chooseTiles(chooseTiles(null, empty(1280, 720)).attention, empty(1280, 720));
    const motion = tileGrid(1280, 720).map((_, i) => (i === 6 ? 9 : 0));
    expect(chooseTiles(attention, { ...empty(1280, 720), motion }).tiles).toContainEqual(
      tileGrid(1280, 720)[6],
    );
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
