import type { RgbImage } from '../vision.js';
import { invertSimilarity, scaleOf, transformPoint, type Similarity } from './similarity.js';

/** Draws a square piece of a picture. Points are continuous: pixel (0, 0) covers 0..1, its centre is at .5.
 *  What lies outside the picture is black. Where the piece is at half the picture's size or less, the picture is
 *  first averaged over whole pixels, so that fine structure does not alias.
 *  @param toPiece takes points of the picture to points of the piece
 *  @param sidePx side of the piece
 *  @throws RangeError when `toPiece` has a scale of zero */
export function warpSquare(image: RgbImage, toPiece: Similarity, sidePx: number): RgbImage {
  const toImage = invertSimilarity(toPiece);
  const factor = Math.floor(scaleOf(toImage));
  if (factor < 2) return sample(image, toImage, sidePx);
  const region = regionOf(image, toImage, sidePx);
  const reduced = reduce(image, region, factor);
  return sample(reduced, toReduced(toImage, region, factor), sidePx);
}

function sample(image: RgbImage, toImage: Similarity, sidePx: number): RgbImage {
  const { data, widthPx, heightPx } = image;
  const piece = new Uint8Array(sidePx * sidePx * 3);
  const { a, b } = toImage;
  let offset = 0;
  for (let row = 0; row < sidePx; row += 1) {
    const start = transformPoint(toImage, { x: 0.5, y: row + 0.5 });
    for (let column = 0; column < sidePx; column += 1, offset += 3) {
      const x = start.x + a * column - 0.5;
      const y = start.y + b * column - 0.5;
      if (x <= -1 || y <= -1 || x >= widthPx || y >= heightPx) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = x - left;
      const below = y - top;
      if (left >= 0 && top >= 0 && left + 1 < widthPx && top + 1 < heightPx) {
        const upper = (top * widthPx + left) * 3;
        const lower = upper + widthPx * 3;
        piece[offset] = blend(data, upper, lower, right, below);
        piece[offset + 1] = blend(data, upper + 1, lower + 1, right, below);
        piece[offset + 2] = blend(data, upper + 2, lower + 2, right, below);
        continue;
      }
      const west = left >= 0 ? 1 - right : 0;
      const east = left + 1 < widthPx ? right : 0;
      const north = top >= 0 ? 1 - below : 0;
      const south = top + 1 < heightPx ? below : 0;
      const origin = (top * widthPx + left) * 3;
      const under = origin + widthPx * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const upper =
          north > 0 ? west * at(data, origin + channel) + east * at(data, origin + 3 + channel) : 0;
        const lower = south > 0 ? west * at(data, under + channel) + east * at(data, under + 3 + channel) : 0;
        piece[offset + channel] = north * upper + south * lower + 0.5;
      }
    }
  }
  return { data: piece, widthPx: sidePx, heightPx: sidePx };
}

/** Between four neighbours of one channel, rounded when it is stored.
 *  @param upper offset of the upper left one
 *  @param lower offset of the lower left one */
function blend(data: Uint8Array, upper: number, lower: number, right: number, below: number): number {
  const north = (1 - right) * (data[upper] as number) + right * (data[upper + 3] as number);
  const south = (1 - right) * (data[lower] as number) + right * (data[lower + 3] as number);
  return (1 - below) * north + below * south + 0.5;
}

/** Beside the picture's edge the weight is zero, whatever is read. */
const at = (data: Uint8Array | Uint32Array, index: number): number => data[index] ?? 0;

interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The part of the picture, in whole pixels, that the piece shows. */
function regionOf(image: RgbImage, toImage: Similarity, sidePx: number): Region {
  const corners = [0, sidePx].flatMap((x) => [0, sidePx].map((y) => transformPoint(toImage, { x, y })));
  const margin = 2 * Math.ceil(scaleOf(toImage));
  const clamp = (value: number, size: number): number => Math.min(Math.max(Math.floor(value), 0), size);
  return {
    left: clamp(Math.min(...corners.map(({ x }) => x)) - margin, image.widthPx),
    top: clamp(Math.min(...corners.map(({ y }) => y)) - margin, image.heightPx),
    right: clamp(Math.max(...corners.map(({ x }) => x)) + margin, image.widthPx),
    bottom: clamp(Math.max(...corners.map(({ y }) => y)) + margin, image.heightPx),
  };
}

/** Means of squares of `factor` pixels; a rest at the right or bottom narrower than that is left out. */
function reduce(image: RgbImage, region: Region, factor: number): RgbImage {
  const widthPx = Math.floor((region.right - region.left) / factor);
  const heightPx = Math.floor((region.bottom - region.top) / factor);
  const data = new Uint8Array(widthPx * heightPx * 3);
  const sums = new Uint32Array(widthPx * 3);
  const area = factor * factor;
  for (let row = 0; row < heightPx; row += 1) {
    sums.fill(0);
    for (let line = 0; line < factor; line += 1) {
      let from = ((region.top + row * factor + line) * image.widthPx + region.left) * 3;
      for (let column = 0; column < widthPx; column += 1) {
        for (let pixel = 0; pixel < factor; pixel += 1, from += 3) {
          for (let channel = 0; channel < 3; channel += 1) {
            sums[column * 3 + channel] = at(sums, column * 3 + channel) + at(image.data, from + channel);
          }
        }
      }
    }
    data.set(
      sums.map((sum) => Math.round(sum / area)),
      row * widthPx * 3,
    );
  }
  return { data, widthPx, heightPx };
}

function toReduced(toImage: Similarity, region: Region, factor: number): Similarity {
  return {
    a: toImage.a / factor,
    b: toImage.b / factor,
    tx: (toImage.tx - region.left) / factor,
    ty: (toImage.ty - region.top) / factor,
  };
}
