import type { RgbImage } from '../vision.js';

/** Brightness alone: 8 bits a pixel, rows from the top. */
export interface LumaImage {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** ITU-R BT.601 luma in 1/256. */
function lumaOf(red: number, green: number, blue: number): number {
  return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}

export function toLuma(image: RgbImage): LumaImage {
  const { widthPx, heightPx } = image;
  const data = new Uint8Array(widthPx * heightPx);
  for (let i = 0, at = 0; i < data.length; i++, at += 3) {
    data[i] = lumaOf(image.data[at] as number, image.data[at + 1] as number, image.data[at + 2] as number);
  }
  return { data, widthPx, heightPx };
}

/** Samples taken of each cell of a thumbnail, a side: enough to tell movement, a tenth of the cost of all. */
const SAMPLES = 4;

/** Small picture of the brightness of a large one, for seeing where it changes (0.3 ms at 720p).
 *  @param cellPx side of the square of the picture that becomes one pixel of the thumbnail */
export function lumaThumbnail(image: RgbImage, cellPx: number): LumaImage {
  const widthPx = Math.max(1, Math.floor(image.widthPx / cellPx));
  const heightPx = Math.max(1, Math.floor(image.heightPx / cellPx));
  const data = new Uint8Array(widthPx * heightPx);
  const stepX = image.widthPx / widthPx / SAMPLES;
  const stepY = image.heightPx / heightPx / SAMPLES;
  const columns = Int32Array.from({ length: widthPx * SAMPLES }, (_, i) => Math.floor((i + 0.5) * stepX) * 3);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let j = 0; j < SAMPLES; j++) {
        const row = Math.floor((y * SAMPLES + j + 0.5) * stepY) * image.widthPx * 3;
        for (let i = 0; i < SAMPLES; i++) {
          const at = row + (columns[x * SAMPLES + i] as number);
          sum += lumaOf(image.data[at] as number, image.data[at + 1] as number, image.data[at + 2] as number);
        }
      }
      data[y * widthPx + x] = sum / (SAMPLES * SAMPLES);
    }
  }
  return { data, widthPx, heightPx };
}

export function meanLuma(image: LumaImage): number {
  let sum = 0;
  for (const value of image.data) sum += value;
  return sum / image.data.length;
}

/** Contrast: variance of the grey levels. */
export function lumaVariance(image: LumaImage): number {
  const mean = meanLuma(image);
  let sum = 0;
  for (const value of image.data) sum += (value - mean) ** 2;
  return sum / image.data.length;
}

/** Variance of the 4-neighbour Laplacian: large where there are fine edges, near 0 in a blurred picture. */
export function laplacianVariance(image: LumaImage): number {
  const { data, widthPx, heightPx } = image;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < heightPx - 1; y++) {
    for (let x = 1; x < widthPx - 1; x++) {
      const at = y * widthPx + x;
      const value =
        (data[at - 1] as number) +
        (data[at + 1] as number) +
        (data[at - widthPx] as number) +
        (data[at + widthPx] as number) -
        4 * (data[at] as number);
      sum += value;
      squares += value * value;
      count++;
    }
  }
  if (count === 0) return 0;
  const mean = sum / count;
  return squares / count - mean * mean;
}
