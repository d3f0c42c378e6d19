import type { BoxPx } from '@regulars/contracts';
import type { Place } from './paths.js';
import { type Planes, planesOf } from './planes.js';

/** One picture of a clip: the person is where the face is. */
export interface ClipPicture {
  readonly planes: Planes;
  /** As the detector drew it. */
  readonly faceBoxPx: BoxPx;
  /** Middle and width of the face, steadied over neighbouring pictures: what is put in the place. */
  readonly anchor: { readonly x: number; readonly y: number; readonly widthPx: number };
}

/** Head and shoulders around the middle of a face, in widths of the face. */
const CUT = { halfWidth: 1.2, halfHeight: 1.5, below: 0.4 } as const;
/** How wide the edge is over which a person fades into the scenery, as a share of the fourth power of the radius. */
const FADE = 0.45;
const EDGE_FADE = 0.08;

/** Whether a point of the picture is hidden by a person who stands in a place. */
export function hides({ x, y, faceWidthPx }: Place, atX: number, atY: number): boolean {
  const u = (atX - x) / (CUT.halfWidth * faceWidthPx);
  const v = (atY - y - CUT.below * faceWidthPx) / (CUT.halfHeight * faceWidthPx);
  return u ** 4 + v ** 4 < 1 - FADE / 2;
}

/** Where the face of a clip's picture comes to lie. */
export function placedBox({ faceBoxPx, anchor }: ClipPicture, { x, y, faceWidthPx }: Place): BoxPx {
  const scale = faceWidthPx / anchor.widthPx;
  return {
    x: x + (faceBoxPx.x - anchor.x) * scale,
    y: y + (faceBoxPx.y - anchor.y) * scale,
    width: faceBoxPx.width * scale,
    height: faceBoxPx.height * scale,
  };
}

/** Puts head and shoulders of a clip's person into a picture, faded at the edges.
 *  @param light factor of the brightness */
export function drawPerson(onto: Planes, picture: ClipPicture, place: Place, light: number): void {
  const { anchor } = picture;
  const scale = place.faceWidthPx / anchor.widthPx;
  const [halfWidth, halfHeight] = [CUT.halfWidth * place.faceWidthPx, CUT.halfHeight * place.faceWidthPx];
  const middleY = place.y + CUT.below * place.faceWidthPx;
  const sources = planesOf(picture.planes);
  for (const [index, target] of planesOf(onto).entries()) {
    const source = sources[index] as (typeof sources)[number];
    const { shrink } = target;
    const gain = shrink === 1 ? light : 1;
    const [left, right] = spanOf(place.x, halfWidth, shrink, target.widthPx);
    const [top, bottom] = spanOf(middleY, halfHeight, shrink, target.heightPx);
    const fadePx = (EDGE_FADE * anchor.widthPx) / shrink;
    for (let row = top; row < bottom; row++) {
      const atY = row * shrink;
      const v4 = ((atY - middleY) / halfHeight) ** 4;
      const sourceY = (anchor.y + (atY - place.y) / scale) / shrink;
      const inY = Math.min(sourceY, source.heightPx - 1.001 - sourceY);
      if (v4 >= 1 || inY < 0) continue;
      for (let column = left; column < right; column++) {
        const atX = column * shrink;
        const u = (atX - place.x) / halfWidth;
        const room = 1 - v4 - u * u * u * u;
        const sourceX = (anchor.x + (atX - place.x) / scale) / shrink;
        const inX = Math.min(sourceX, source.widthPx - 1.001 - sourceX);
        if (room <= 0 || inX < 0) continue;
        const share = Math.min(1, room / FADE) * Math.min(1, Math.min(inX, inY) / fadePx);
        const value = sample(source.data, source.widthPx, sourceX, sourceY);
        const seen = shrink === 1 ? 16 + (value - 16) * gain : value;
        const at = row * target.widthPx + column;
        const under = target.data[at] as number;
        target.data[at] = Math.min(235, under + share * (seen - under));
      }
    }
  }
}

function spanOf(middle: number, half: number, shrink: number, size: number): readonly [number, number] {
  return [
    Math.max(0, Math.ceil((middle - half) / shrink)),
    Math.min(size, Math.floor((middle + half) / shrink) + 1),
  ];
}

/** Between four pixels. */
function sample(data: Uint8Array, widthPx: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - column, y - row];
  const at = row * widthPx + column;
  const above = (data[at] as number) * (1 - right) + (data[at + 1] as number) * right;
  const under = (data[at + widthPx] as number) * (1 - right) + (data[at + widthPx + 1] as number) * right;
  return above * (1 - below) + under * below;
}
