import type { BoxPx } from '@regulars/contracts';
import type { SquarePx } from '../image/resize.js';

/** Side of a tile of the grid and what neighbours share. A face of 20 px or more is found in such a tile (97 %
 *  at 24 px); one of up to 80 px that a border cuts lies whole in the neighbour. */
export const TILE_PX = 400;
export const TILE_OVERLAP_PX = 80;

function tileStarts(lengthPx: number): readonly number[] {
  if (lengthPx <= TILE_PX) return [(lengthPx - TILE_PX) / 2];
  const count = Math.ceil((lengthPx - TILE_OVERLAP_PX) / (TILE_PX - TILE_OVERLAP_PX));
  return Array.from({ length: count }, (_, i) => Math.round((i * (lengthPx - TILE_PX)) / (count - 1)));
}

/** The tiles that together see every part of a picture, row by row: 8 at 1280x720, 4 at 640x480; of a picture
 *  no larger than a tile, the whole of it. */
export function tileGrid(widthPx: number, heightPx: number): readonly SquarePx[] {
  if (Math.max(widthPx, heightPx) <= TILE_PX) return [wholeFrame(widthPx, heightPx)];
  const columns = tileStarts(widthPx);
  return tileStarts(heightPx).flatMap((y) => columns.map((x) => ({ x, y, sizePx: TILE_PX })));
}

/** The whole picture in one tile, centred, black beyond its shorter sides. Sees faces from about a thirteenth
 *  of its longer side upwards. */
export function wholeFrame(widthPx: number, heightPx: number): SquarePx {
  const sizePx = Math.max(widthPx, heightPx);
  return { x: (widthPx - sizePx) / 2, y: (heightPx - sizePx) / 2, sizePx };
}

export function overlapArea(a: BoxPx, b: BoxPx): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Whether a face that is expected at `box` would be seen whole and large enough in a tile, even when it moved
 *  by half of its width meanwhile. Beyond the picture's own edges nothing needs to be seen. */
export function coversFace(
  tile: SquarePx,
  box: BoxPx,
  frame: { readonly widthPx: number; readonly heightPx: number },
): boolean {
  const reach = box.width / 2;
  const left = Math.max(box.x - reach, 0);
  const top = Math.max(box.y - reach, 0);
  const right = Math.min(box.x + box.width + reach, frame.widthPx);
  const bottom = Math.min(box.y + box.height + reach, frame.heightPx);
  if (right <= left || bottom <= top) return true;
  const inside =
    left >= tile.x && top >= tile.y && right <= tile.x + tile.sizePx && bottom <= tile.y + tile.sizePx;
  return inside && box.width / tile.sizePx >= smallestShare(tile) && box.width / tile.sizePx <= LARGEST_SHARE;
}

/** A tracked face must be at least 24 of the detector's 256 pixels wide, so that its box is good enough to
 *  align by; in a tile of the finest kind it may be as small as it likes. */
const SMALLEST_SHARE = 24 / 256;
/** A face that fills more of the tile than this is found less surely. */
const LARGEST_SHARE = 0.6;

function smallestShare(tile: SquarePx): number {
  return tile.sizePx <= TILE_PX ? 0 : SMALLEST_SHARE;
}

/** A tile made for one expected face: the finest that shows it with room to move, moved into the picture. */
export function tileAround(
  box: BoxPx,
  frame: { readonly widthPx: number; readonly heightPx: number },
): SquarePx {
  const whole = Math.max(frame.widthPx, frame.heightPx);
  const sizePx = Math.min(Math.max(TILE_PX, 3 * Math.max(box.width, box.height)), Math.max(whole, TILE_PX));
  const place = (centre: number, lengthPx: number) =>
    lengthPx <= sizePx
      ? (lengthPx - sizePx) / 2
      : Math.min(Math.max(centre - sizePx / 2, 0), lengthPx - sizePx);
  return {
    x: Math.round(place(box.x + box.width / 2, frame.widthPx)),
    y: Math.round(place(box.y + box.height / 2, frame.heightPx)),
    sizePx: Math.round(sizePx),
  };
}
