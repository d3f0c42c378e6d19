import type { LumaImage } from '../image/luma.js';
import type { SquarePx } from '../image/resize.js';
import { CELL_PX } from './motion.js';

/** A cell that differs by more grey levels than this, apart from brightness, shows something else than it did; above
 *  a camera's noise in the mean of a cell. Half of what counts as motion: what it saves is a look. */
const OTHER_LEVELS = 6;

/** Whether a part of the picture shows anything else than it did.
 *  @param tile the part, pixels
 *  @param then brightness of the whole picture's cells when it was last looked at, null when it never was */
export function isNews(tile: SquarePx, then: LumaImage | null, now: LumaImage): boolean {
  if (then === null || then.widthPx !== now.widthPx || then.heightPx !== now.heightPx) return true;
  const [left, right] = cellsOf(tile.x, tile.sizePx, now.widthPx);
  const [top, bottom] = cellsOf(tile.y, tile.sizePx, now.heightPx);
  const count = (right - left) * (bottom - top);
  let sum = 0;
  for (let y = top; y < bottom; y++)
    for (let at = y * now.widthPx + left; at < y * now.widthPx + right; at++)
      sum += (now.data[at] as number) - (then.data[at] as number);
  const brightening = count === 0 ? 0 : sum / count;
  for (let y = top; y < bottom; y++)
    for (let at = y * now.widthPx + left; at < y * now.widthPx + right; at++)
      if (Math.abs((now.data[at] as number) - (then.data[at] as number) - brightening) > OTHER_LEVELS)
        return true;
  return false;
}

/** First and last but one of the cells that a stretch of the picture touches. */
function cellsOf(fromPx: number, lengthPx: number, cells: number): readonly [number, number] {
  const first = Math.max(0, Math.floor(fromPx / CELL_PX));
  return [first, Math.max(first, Math.min(cells, Math.ceil((fromPx + lengthPx) / CELL_PX)))];
}
