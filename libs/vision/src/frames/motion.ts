import type { BoxPx } from '@regulars/contracts';
import type { LumaImage } from '../image/luma.js';
import type { SquarePx } from '../image/resize.js';

/** Side of the square of the picture that becomes one cell: half of the smallest face that is looked for. */
export const CELL_PX = 16;
/** A cell that differs by more grey levels than this from its background moves; above a camera's noise. */
const MOVED_LEVELS = 12;
/** Share of a frame that goes into the background: something that stays is background after about 4 s at 5 fps. */
const ADAPTATION = 0.05;

/** What a camera sees when nothing happens: mean grey level of each cell. */
export interface Background {
  readonly levels: Float32Array;
  readonly widthCells: number;
  readonly heightCells: number;
}

export interface Motion {
  /** 1 for each cell that moves. */
  readonly cells: Uint8Array;
  readonly background: Background;
}

/** Compares a frame with the background and takes the frame into it. A change of the whole picture's
 *  brightness alone is no motion.
 *  @param before null for the first frame, in which nothing moves */
export function seeMotion(before: Background | null, now: LumaImage): Motion {
  const { widthPx: widthCells, heightPx: heightCells, data } = now;
  const cells = new Uint8Array(data.length);
  if (before === null || before.widthCells !== widthCells || before.heightCells !== heightCells) {
    return { cells, background: { levels: Float32Array.from(data), widthCells, heightCells } };
  }
  const differences = Float32Array.from(data, (level, i) => level - (before.levels[i] as number));
  const brightening = Float32Array.from(differences).sort()[differences.length >> 1] ?? 0;
  const levels = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (Math.abs((differences[i] as number) - brightening) > MOVED_LEVELS) cells[i] = 1;
    levels[i] =
      (before.levels[i] as number) + ADAPTATION * (differences[i] as number) + brightening * (1 - ADAPTATION);
  }
  return { cells, background: { levels, widthCells, heightCells } };
}

/** The part of the picture that a person whose face is at `box` moves in: shoulders, arms, and down to the
 *  knees. */
export function bodyOf(box: BoxPx): BoxPx {
  return {
    x: box.x - 1.5 * box.width,
    y: box.y - box.height / 2,
    width: box.width * 4,
    height: box.height * 7,
  };
}

/** Fewer moving cells than this in a tile are noise. */
const CELLS_AT_LEAST = 2;

/** How much moves in each tile that no tracked person explains.
 *  @returns number of cells for each tile in order */
export function motionOfTiles(
  motion: Motion,
  tiles: readonly SquarePx[],
  expectedPx: readonly BoxPx[],
): readonly number[] {
  const { widthCells, heightCells } = motion.background;
  const bodies = expectedPx.map(bodyOf);
  const counts = tiles.map(() => 0);
  for (let i = 0; i < motion.cells.length; i++) {
    if (motion.cells[i] === 0) continue;
    const x = ((i % widthCells) + 0.5) * CELL_PX;
    const y = (Math.floor(i / widthCells) + 0.5) * CELL_PX;
    if (bodies.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height)) continue;
    tiles.forEach((tile, k) => {
      const inside = x >= tile.x && x < tile.x + tile.sizePx && y >= tile.y && y < tile.y + tile.sizePx;
      if (inside) counts[k] = (counts[k] ?? 0) + 1;
    });
  }
  return heightCells === 0 ? counts : counts.map((count) => (count < CELLS_AT_LEAST ? 0 : count));
}
