import type { BoxPx } from '@regulars/contracts';
import type { SquarePx } from '../image/resize.js';
import { overlapOf } from '../models/merge-faces.js';
import { coversFace, overlapArea, TILE_PX } from './tiles.js';

/** Side of the square that is looked at for one face, in widths of the face, which then is 43 of its 128 pixels. */
const SIDE_PER_BOX = 3;
/** A face is where it was expected when the two boxes share this much of their union. */
const SAME_PLACE = 0.3;
/** So many faces that one tile of the grid shows cost less to look at in it. */
const FEWER_THAN = 3;

/** How faces that are expected are looked for. */
export interface Looks {
  /** Each in a small square of its own. */
  readonly near: readonly { readonly tile: SquarePx; readonly box: BoxPx }[];
  /** In tiles that show what is around them as well. */
  readonly wide: readonly BoxPx[];
}

interface Frame {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Which of the expected faces a small square is enough for: those that were found where they were in the frame
 *  before, and that have nobody beside them.
 *  @param foundPx faces of the frame before
 *  @param grid tiles of the picture */
export function chooseLooks(
  expectedPx: readonly BoxPx[],
  foundPx: readonly BoxPx[],
  grid: readonly SquarePx[],
  frame: Frame,
): Looks {
  const near = expectedPx
    .filter((box) => foundPx.some((found) => overlapOf(found, box) >= SAME_PLACE))
    .map((box) => ({ tile: nearSquare(box, frame), box }))
    .filter(({ tile, box }) => tile.sizePx < TILE_PX && isAlone(tile, box, expectedPx))
    .filter(({ tile, box }) => coversFace(tile, box, frame));
  const kept = near.filter(({ box }) => {
    const shared = grid.filter((tile) => coversFace(tile, box, frame));
    return shared.every((tile) => near.filter((one) => coversFace(tile, one.box, frame)).length < FEWER_THAN);
  });
  return { near: kept, wide: expectedPx.filter((box) => !kept.some((one) => one.box === box)) };
}

function isAlone(tile: SquarePx, box: BoxPx, expectedPx: readonly BoxPx[]): boolean {
  const square = { x: tile.x, y: tile.y, width: tile.sizePx, height: tile.sizePx };
  return expectedPx.every((other) => other === box || overlapArea(square, other) === 0);
}

/** Around a face, moved into the picture. */
function nearSquare({ x, y, width, height }: BoxPx, { widthPx, heightPx }: Frame): SquarePx {
  const sizePx = Math.round(SIDE_PER_BOX * Math.max(width, height));
  const place = (centre: number, lengthPx: number) =>
    Math.round(Math.max(0, Math.min(centre - sizePx / 2, lengthPx - sizePx)));
  return { x: place(x + width / 2, widthPx), y: place(y + height / 2, heightPx), sizePx };
}
