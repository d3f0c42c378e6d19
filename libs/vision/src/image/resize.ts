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
  }
  return { starts, counts, stride, weights, width };
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
  const rowLength = widthPx * 3;
  const data = new Uint8Array(rowLength * heightPx);
  const slots = rows.width * rows.stride;
  const ring = new Uint8Array(rowLength * slots);
  const held = new Int32Array(slots).fill(-1);
  const sums = new Int32Array(rowLength);
  for (let i = 0; i < heightPx; i++) {
    const first = rows.starts[i] as number;
    const count = rows.counts[i] as number;
    sums.fill(2048);
    for (let k = 0; k < count; k++) {
      const row = first + k * rows.stride;
      const slot = row % slots;
      if (held[slot] !== row) {
        sampleRow(image.data, row * image.widthPx * 3, columns, ring, slot * rowLength);
        held[slot] = row;
      }
      const weight = rows.weights[i * rows.width + k] as number;
      const from = slot * rowLength;
      for (let j = 0; j < rowLength; j++) sums[j] = (sums[j] as number) + weight * (ring[from + j] as number);
    }
    const to = i * rowLength;
    for (let j = 0; j < rowLength; j++) data[to + j] = (sums[j] as number) >> 12;
  }
  return { data, widthPx, heightPx };
}

/** Cuts a square out of a picture and scales it to `sidePx`. */
export function cropSquare(image: RgbImage, square: SquarePx, sidePx: number): RgbImage {
  const region = { x: square.x, y: square.y, width: square.sizePx, height: square.sizePx };
  return resample(image, region, sidePx, sidePx);
}
