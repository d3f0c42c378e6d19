import type { RgbImage } from '../vision.js';

/** A square region of a picture; it may reach over the edges, where it is black. */
export interface SquarePx {
  readonly x: number;
  readonly y: number;
  readonly sizePx: number;
}

/** Which source columns (or rows) each destination column is made of. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** Distance from one tap to the next; more than 1 where a picture is made much smaller. */
  readonly stride: number;
  /** `width` weights a destination, in 1/4096; taps outside of the source weigh nothing. */
  readonly weights: Int32Array;
  readonly width: number;
  /** Taps of the destination that has most. */
  readonly most: number;
}

const ONE = 4096;

/** Below half of its size a picture is sampled by a triangle filter as wide as two destination pixels, so that it
 *  does not alias, with about five taps at most, so that the cost does not grow; above, bilinearly. */
function tapsOf(from: number, sourceLength: number, regionLength: number, length: number): Taps {
  const scale = regionLength / length;
  const reach = scale > 2 ? scale : 1;
  const stride = Math.max(1, Math.floor(scale / 2));
  const width = Math.ceil((reach * 2) / stride) + 1;
  const starts = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Int32Array(length * width);
  let most = 0;
  for (let i = 0; i < length; i++) {
    const centre = from + (i + 0.5) * scale - 0.5;
    const first = Math.ceil(centre - reach);
    const weightAt = (k: number) => Math.max(0, 1 - Math.abs(first + k * stride - centre) / reach);
    let sum = 0;
    for (let k = 0; k < width; k++) sum += weightAt(k);
    let count = 0;
    for (let k = 0; k < width; k++) {
      const at = first + k * stride;
      const weight = Math.round((weightAt(k) / sum) * ONE);
      if (at < 0 || at >= sourceLength || weight === 0) continue;
      if (count === 0) starts[i] = at;
      weights[i * width + count] = weight;
      count++;
    }
    counts[i] = count;
    most = Math.max(most, count);
  }
  return { starts, counts, stride, weights, width, most };
}

/** Columns first, for the source rows that are needed, into 8-bit rows. */
function sampleRow(
  source: Uint8Array,
  rowStart: number,
  taps: Taps,
  out: Uint8Array,
  outStart: number,
): void {
  const { starts, counts, weights, width } = taps;
  const step = taps.stride * 3;
  for (let i = 0, to = outStart; i < starts.length; i++, to += 3) {
    let at = rowStart + (starts[i] as number) * 3;
    let red = 2048;
    let green = 2048;
    let blue = 2048;
    const end = i * width + (counts[i] as number);
    for (let k = i * width; k < end; k++, at += step) {
      const weight = weights[k] as number;
      red += weight * (source[at] as number);
      green += weight * (source[at + 1] as number);
      blue += weight * (source[at + 2] as number);
    }
    out[to] = red >> 12;
    out[to + 1] = green >> 12;
    out[to + 2] = blue >> 12;
  }
}

/** Two taps a destination column, flat: offset of the first, of the second, and their weights; a tap that is not
 *  there weighs nothing. Most of what is looked at is scaled so little, and takes a third less time like this. */
function pairsOf({ starts, counts, stride, weights, width }: Taps): Int32Array {
  const pairs = new Int32Array(starts.length * 4);
  for (let i = 0; i < starts.length; i++) {
    const count = counts[i] as number;
    const start = (starts[i] as number) * 3;
    pairs[i * 4] = start;
    pairs[i * 4 + 1] = count === 2 ? start + stride * 3 : start;
    pairs[i * 4 + 2] = count > 0 ? (weights[i * width] as number) : 0;
    pairs[i * 4 + 3] = count === 2 ? (weights[i * width + 1] as number) : 0;
  }
  return pairs;
}

/** sampleRow for two taps. */
function samplePairs(
  source: Uint8Array,
  rowStart: number,
  pairs: Int32Array,
  out: Uint8Array,
  outStart: number,
): void {
  for (let i = 0, to = outStart; i < pairs.length; i += 4, to += 3) {
    const one = rowStart + (pairs[i] as number);
    const other = rowStart + (pairs[i + 1] as number);
    const near = pairs[i + 2] as number;
    const far = pairs[i + 3] as number;
    out[to] = (2048 + near * (source[one] as number) + far * (source[other] as number)) >> 12;
    out[to + 1] = (2048 + near * (source[one + 1] as number) + far * (source[other + 1] as number)) >> 12;
    out[to + 2] = (2048 + near * (source[one + 2] as number) + far * (source[other + 2] as number)) >> 12;
  }
}

/** Cuts a rectangle out of a picture and scales it, black where it reaches over the edges.
 *  @returns widthPx x heightPx */
export function resample(
  image: RgbImage,
  region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  widthPx: number,
  heightPx: number,
): RgbImage {
  const columns = tapsOf(region.x, image.widthPx, region.width, widthPx);
  const rows = tapsOf(region.y, image.heightPx, region.height, heightPx);
  const pairs = columns.most <= 2 ? pairsOf(columns) : null;
  const rowLength = widthPx * 3;
  const data = new Uint8Array(rowLength * heightPx);
  const slots = rows.width * rows.stride;
  const ring = new Uint8Array(rowLength * slots);
  const held = new Int32Array(slots).fill(-1);
  const sums = new Int32Array(rows.most > 2 ? rowLength : 0);
  const sampled = (row: number): number => {
    const slot = row % slots;
    const start = slot * rowLength;
    if (held[slot] !== row) {
      held[slot] = row;
      const rowStart = row * image.widthPx * 3;
      if (pairs) samplePairs(image.data, rowStart, pairs, ring, start);
      else sampleRow(image.data, rowStart, columns, ring, start);
    }
    return start;
  };
  for (let i = 0; i < heightPx; i++) {
    const first = rows.starts[i] as number;
    const count = rows.counts[i] as number;
    const to = i * rowLength;
    const at = i * rows.width;
    if (count <= 2) {
      if (count === 0) continue;
      const one = sampled(first);
      const other = count === 2 ? sampled(first + rows.stride) : one;
      const [near, far] = [rows.weights[at] as number, count === 2 ? (rows.weights[at + 1] as number) : 0];
      for (let j = 0; j < rowLength; j++)
        data[to + j] = (2048 + near * (ring[one + j] as number) + far * (ring[other + j] as number)) >> 12;
      continue;
    }
    sums.fill(2048);
    for (let k = 0; k < count; k++) {
      const from = sampled(first + k * rows.stride);
      const weight = rows.weights[at + k] as number;
      for (let j = 0; j < rowLength; j++) sums[j] = (sums[j] as number) + weight * (ring[from + j] as number);
    }
    for (let j = 0; j < rowLength; j++) data[to + j] = (sums[j] as number) >> 12;
  }
  return { data, widthPx, heightPx };
}

/** Cuts a square out of a picture and scales it to `sidePx`. */
export function cropSquare(image: RgbImage, square: SquarePx, sidePx: number): RgbImage {
  const region = { x: square.x, y: square.y, width: square.sizePx, height: square.sizePx };
  return resample(image, region, sidePx, sidePx);
}
