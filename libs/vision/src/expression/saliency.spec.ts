import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../vision.js';
import {
  LOWER_FACE,
  meanWithin,
  mirrored,
  MOUTH,
  SALIENCY_PLACES,
  saliencyOf,
  withCovered,
} from './saliency.js';

const SIDE = 40;

/** Grey noise with a bright patch where the mouth is. */
function picture(seed: number, bright: boolean): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const noise = (Math.imul(x * 31 + y * 17 + seed, 2_654_435_761) >>> 24) / 8;
      const inMouth = bright && x > 14 && x < 26 && y > 27 && y < 33;
      data.fill(inMouth ? 250 : 60 + noise, (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3);
    }
  }
  return { data, widthPx: SIDE, heightPx: SIDE };
}

/** A "net" that looks at nothing but how many bright pixels there are. */
const brightness = async (crops: readonly RgbImage[]) =>
  crops.map(({ data }) => data.reduce((sum, value) => sum + (value > 200 ? 1 : 0), 0) / data.length);

describe('the saliency map', () => {
  it('finds what the figure rests on, and nothing elsewhere', async () => {
    const map = await saliencyOf(picture(1, true), brightness);
    expect([map.rows, map.columns, map.values.length]).toEqual([
      SALIENCY_PLACES,
      SALIENCY_PLACES,
      SALIENCY_PLACES ** 2,
    ]);
    expect(meanWithin(map, MOUTH)).toBeGreaterThan(0);
    expect(meanWithin(map, { x: 0, y: 0, width: 1, height: 0.4 })).toBe(0);
    const largest = map.values.indexOf(Math.max(...map.values));
    const row = (Math.floor(largest / SALIENCY_PLACES) + 0.5) / SALIENCY_PLACES;
    expect(row).toBeGreaterThan(0.62);
    expect(row).toBeLessThan(0.9);
  });

  it('is nought once what mattered is covered', async () => {
    const map = await saliencyOf(withCovered(picture(1, true), LOWER_FACE), brightness);
    expect([...map.values].every((value) => value === 0)).toBe(true);
  });

  it('is a number everywhere, for any picture and any figure, and turns with its sign', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, bright) => {
        const figure = async (crops: readonly RgbImage[]) =>
          crops.map(({ data }) => Math.sin((data[seed % data.length] ?? 0) + seed));
        const map = await saliencyOf(picture(seed, bright), figure);
        const turned = await saliencyOf(picture(seed, bright), async (crops) =>
          (await figure(crops)).map((value) => -value),
        );
        expect([...map.values].every(Number.isFinite)).toBe(true);
        expect([...turned.values].map((value) => -value + 0)).toEqual(
          [...map.values].map((value) => value + 0),
        );
      }),
      { numRuns: 5 },
    );
  });

  it('leaves the crop that it looks at as it was', async () => {
    const crop = picture(3, true);
    const before = crop.data.slice();
    await saliencyOf(crop, brightness);
    expect(crop.data).toEqual(before);
  });
});

describe('covering and mirroring', () => {
  it('change nothing outside of what is covered', () => {
    const crop = picture(2, true);
    const { data } = withCovered(crop, LOWER_FACE);
    const rows = Math.round(LOWER_FACE.y * SIDE);
    expect(data.subarray(0, rows * SIDE * 3)).toEqual(crop.data.subarray(0, rows * SIDE * 3));
    expect(data).not.toEqual(crop.data);
  });

  it('twice mirrored is the picture itself, once is another', () => {
    const crop = { ...picture(2, false), data: picture(2, false).data.map((value, i) => value + (i % 7)) };
    expect(mirrored(mirrored(crop))).toEqual(crop);
    expect(mirrored(crop).data).not.toEqual(crop.data);
  });
});
