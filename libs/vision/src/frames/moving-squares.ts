import type { BoxPx } from '@regulars/contracts';
import type { SquarePx } from '../image/resize.js';
import { bodyOf, CELL_PX, type Motion } from './motion.js';
import { TILE_PX, wholeFrame } from './tiles.js';

/** Moving cells with no more than so many still ones between them belong together. */
const GAP_CELLS = 2;
/** Fewer moving cells than this together are noise. */
const CELLS_AT_LEAST = 3;
/** A square of so many heights of the picture shows little more finely than the whole. */
const NEARLY_WHOLE = 1.4;
/** Room around what moves, pixels. */
const MARGIN_PX = 32;

interface Patch {
  left: number;
  top: number;
  right: number;
  bottom: number;
  cells: number;
}

/** Squares around what moves and no tracked person explains, most first: each a tile or larger, and of what is
 *  taller than wide the upper part, where the head is. */
export function movingSquares(motion: Motion, expectedPx: readonly BoxPx[], frame: FrameSize): SquarePx[] {
  return patchesOf(motion, expectedPx)
    .filter(({ cells }) => cells >= CELLS_AT_LEAST)
    .sort((a, b) => b.cells - a.cells || a.top - b.top || a.left - b.left)
    .map((patch) => squareOf(patch, frame));
}

interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

function squareOf({ left, right, top }: Patch, { widthPx, heightPx }: FrameSize): SquarePx {
  const width = (right + 1 - left) * CELL_PX + 2 * MARGIN_PX;
  const whole = wholeFrame(widthPx, heightPx);
  const sizePx = Math.max(TILE_PX, width);
  if (sizePx >= Math.min(whole.sizePx, heightPx * NEARLY_WHOLE)) return whole;
  const x = ((left + right + 1) * CELL_PX - sizePx) / 2;
  const y = top * CELL_PX - MARGIN_PX;
  const place = (from: number, lengthPx: number) =>
    lengthPx <= sizePx ? (lengthPx - sizePx) / 2 : Math.min(Math.max(from, 0), lengthPx - sizePx);
  return { x: Math.round(place(x, widthPx)), y: Math.round(place(y, heightPx)), sizePx };
}

/** Moving cells that lie together. */
function patchesOf({ cells, background }: Motion, expectedPx: readonly BoxPx[]): Patch[] {
  const { widthCells, heightCells } = background;
  const bodies = expectedPx.map(bodyOf);
  const open = new Set<number>();
  cells.forEach((moves, index) => {
    if (moves === 0) return;
    const x = ((index % widthCells) + 0.5) * CELL_PX;
    const y = (Math.floor(index / widthCells) + 0.5) * CELL_PX;
    const isExplained = bodies.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height);
    if (!isExplained) open.add(index);
  });
  const reach = GAP_CELLS + 1;
  const patches: Patch[] = [];
  for (const seed of open) {
    open.delete(seed);
    const patch = { left: widthCells, top: heightCells, right: 0, bottom: 0, cells: 0 };
    const stack = [seed];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const [x, y] = [index % widthCells, Math.floor(index / widthCells)];
      patch.left = Math.min(patch.left, x);
      patch.right = Math.max(patch.right, x);
      patch.top = Math.min(patch.top, y);
      patch.bottom = Math.max(patch.bottom, y);
      patch.cells += 1;
      for (let v = Math.max(0, y - reach); v <= Math.min(heightCells - 1, y + reach); v++)
        for (let u = Math.max(0, x - reach); u <= Math.min(widthCells - 1, x + reach); u++)
          if (open.delete(v * widthCells + u)) stack.push(v * widthCells + u);
    }
    patches.push(patch);
  }
  return patches;
}
