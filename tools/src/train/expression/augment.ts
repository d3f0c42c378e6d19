import type { RgbImage } from '@regulars/vision';
import { fitted } from '../../faces-data/fit.js';

/** Section II of the second seed paper: rotation up to 10 degrees, brightness .8 to 1.2, mirror image, zoom of 5 to
 *  15 %, shift up to 10 px of 224. */
const PAPER = { degrees: 10, brightness: [0.8, 1.2], zoom: [0.05, 0.15], shift: 10 / 224 } as const;

/** One random view of a picture.
 *  @returns sidePx square; past its edges a picture goes on as it ended */
export function augmented(picture: RgbImage, sidePx: number, random: () => number): RgbImage {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const angle = (between(-PAPER.degrees, PAPER.degrees) * Math.PI) / 180;
  const zoom = 1 + between(...PAPER.zoom);
  const light = between(...PAPER.brightness);
  const turned = random() < 0.5 ? -1 : 1;
  const [dx, dy] = [between(-PAPER.shift, PAPER.shift), between(-PAPER.shift, PAPER.shift)];
  const small = Math.max(picture.widthPx, picture.heightPx) <= sidePx;
  // A larger picture is made smaller first, so that it does not alias.
  const from = small ? picture : fitted(picture, sidePx);
  const [scaleX, scaleY] = [from.widthPx / sidePx, from.heightPx / sidePx];
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const out = new Uint8Array(sidePx * sidePx * 3);
  const half = (sidePx - 1) / 2;
  for (let y = 0; y < sidePx; y += 1) {
    for (let x = 0; x < sidePx; x += 1) {
      const [u, v] = [x - half - dx * sidePx, y - half - dy * sidePx];
      const column = (turned * (cos * u + sin * v) + half + 0.5) * scaleX - 0.5;
      const row = (cos * v - sin * u + half + 0.5) * scaleY - 0.5;
      sample(from, { x: column, y: row, light }, out, (y * sidePx + x) * 3);
    }
  }
  return { data: out, widthPx: sidePx, heightPx: sidePx };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly light: number;
}

function sample(from: RgbImage, { x, y, light }: Place, out: Uint8Array, to: number): void {
  const { data, widthPx, heightPx } = from;
  const inside = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
  const [left, top] = [inside(Math.floor(x), widthPx), inside(Math.floor(y), heightPx)];
  const [right, bottom] = [inside(left + 1, widthPx), inside(top + 1, heightPx)];
  const [fx, fy] = [inside(x, widthPx) - left, inside(y, heightPx) - top];
  for (let channel = 0; channel < 3; channel += 1) {
    const at = (column: number, row: number): number => data[(row * widthPx + column) * 3 + channel] ?? 0;
    const upper = at(left, top) * (1 - fx) + at(right, top) * fx;
    const lower = at(left, bottom) * (1 - fx) + at(right, bottom) * fx;
    out[to + channel] = Math.min(255, Math.round((upper * (1 - fy) + lower * fy) * light));
  }
}
