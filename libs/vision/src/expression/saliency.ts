import { cropSquare, resample } from '../image/resize.js';
import type { RgbImage } from '../vision.js';

/** Places that are covered in turn, across and down. */
export const SALIENCY_PLACES = 12;
/** Side of what is covered, in sides of the crop: about a mouth. */
const COVER_SHARE = 0.22;
/** What is covered shows the crop blurred to so many patches a side instead: no edge that a net could take for
 *  something (Fong and Vedaldi 2017 blur for the same reason). */
const BLUR_PATCHES = 5;

/** Mouth and chin of an upright crop as Vision.cropView makes them, in sides of the crop: eyes at .45, chin at .85. */
export const MOUTH = { x: 0.28, y: 0.62, width: 0.44, height: 0.24 } as const;
/** What a mask covers: from the bridge of the nose down, over both cheeks. */
export const LOWER_FACE = { x: 0.14, y: 0.57, width: 0.72, height: 0.34 } as const;

export interface RegionShare {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How much each part of a crop says: what a figure loses when the part is covered. */
export interface SaliencyMap {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns from the top left. Above 0: the part speaks for the figure; below: against it. */
  readonly values: Float32Array;
}

/** @returns the whole crop so blurred that no feature is left */
function blurred(crop: RgbImage): RgbImage {
  const whole = { x: 0, y: 0, width: crop.widthPx, height: crop.heightPx };
  const coarse = resample(crop, whole, BLUR_PATCHES, BLUR_PATCHES);
  // Half a patch in from the edges, where the picture would be mixed with the black around it.
  const inside = { x: 0.5, y: 0.5, width: BLUR_PATCHES - 1, height: BLUR_PATCHES - 1 };
  return resample(coarse, inside, crop.widthPx, crop.heightPx);
}

function pixelsOf(region: RegionShare, { widthPx, heightPx }: RgbImage) {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return {
    left: within(region.x * widthPx, widthPx),
    right: within((region.x + region.width) * widthPx, widthPx),
    top: within(region.y * heightPx, heightPx),
    bottom: within((region.y + region.height) * heightPx, heightPx),
  };
}

function withRegionOf(crop: RgbImage, region: RegionShare, fill: RgbImage): RgbImage {
  const data = crop.data.slice();
  const { left, right, top, bottom } = pixelsOf(region, crop);
  for (let y = top; y < bottom; y += 1) {
    const row = y * crop.widthPx;
    data.set(fill.data.subarray((row + left) * 3, (row + right) * 3), (row + left) * 3);
  }
  return { ...crop, data };
}

/** A crop with a part of it hidden, as by something of the crop's own colours. */
export function withCovered(crop: RgbImage, region: RegionShare): RgbImage {
  return withRegionOf(crop, region, blurred(crop));
}

/** How much of a figure each part of a crop carries, by covering one after the other.
 *  @param figureOf the figure of each crop, in order; called with many at once
 *  @returns SALIENCY_PLACES square; the mean loss over all covers that hid a part */
export async function saliencyOf(
  crop: RgbImage,
  figureOf: (crops: readonly RgbImage[]) => Promise<readonly number[]>,
): Promise<SaliencyMap> {
  const count = SALIENCY_PLACES;
  const fill = blurred(crop);
  const places = Array.from({ length: count * count }, (_, i) => ({
    x: ((i % count) + 0.5) / count - COVER_SHARE / 2,
    y: (Math.floor(i / count) + 0.5) / count - COVER_SHARE / 2,
    width: COVER_SHARE,
    height: COVER_SHARE,
  }));
  const [whole = 0, ...hidden] = await figureOf([
    crop,
    ...places.map((place) => withRegionOf(crop, place, fill)),
  ]);
  const sums = new Float64Array(count * count);
  const covers = new Float64Array(count * count);
  places.forEach(({ x, y }, i) => {
    const loss = whole - (hidden[i] ?? whole);
    for (let cell = 0; cell < sums.length; cell += 1) {
      const cx = ((cell % count) + 0.5) / count;
      const cy = (Math.floor(cell / count) + 0.5) / count;
      if (cx < x || cx > x + COVER_SHARE || cy < y || cy > y + COVER_SHARE) continue;
      sums[cell] = (sums[cell] as number) + loss;
      covers[cell] = (covers[cell] as number) + 1;
    }
  });
  const values = Float32Array.from(sums, (sum, cell) => sum / (covers[cell] as number));
  return { rows: count, columns: count, values };
}

/** Mean of a map's values in a region. */
export function meanWithin({ rows, columns, values }: SaliencyMap, region: RegionShare): number {
  let [sum, count] = [0, 0];
  values.forEach((value, cell) => {
    const x = ((cell % columns) + 0.5) / columns;
    const y = (Math.floor(cell / columns) + 0.5) / rows;
    if (x < region.x || x > region.x + region.width || y < region.y || y > region.y + region.height) return;
    sum += value;
    count += 1;
  });
  return count === 0 ? 0 : sum / count;
}

/** The mirror image of a crop: the same face, seen by a net as another picture. */
export function mirrored({ data, widthPx, heightPx }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const to = (y * widthPx + x) * 3;
      const from = (y * widthPx + widthPx - 1 - x) * 3;
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
  }
  return { data: out, widthPx, heightPx };
}

/** A square part of a crop, scaled: for looking at the same part in crops of any size. */
export function partOf(crop: RgbImage, region: RegionShare, sidePx: number): RgbImage {
  const size = region.width * crop.widthPx;
  return cropSquare(crop, { x: region.x * crop.widthPx, y: region.y * crop.heightPx, sizePx: size }, sidePx);
}
