import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../vision.js';
import { decodeJpeg, encodeJpeg, jpegSize } from './jpeg.js';
import { laplacianVariance, lumaThumbnail, toLuma } from './luma.js';
import { decodePhotograph } from './photograph.js';
import { cropSquare, resample } from './resize.js';

/** A smooth picture, so that JPEG changes little of it. */
function picture(widthPx: number, heightPx: number): RgbImage {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      data.set([(x * 255) / widthPx, (y * 255) / heightPx, 128], (y * widthPx + x) * 3);
    }
  }
  return { data, widthPx, heightPx };
}

const flat = (widthPx: number, heightPx: number, level: number): RgbImage => ({
  data: new Uint8Array(widthPx * heightPx * 3).fill(level),
  widthPx,
  heightPx,
});

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 999))), 0);
}

describe('decodeJpeg', () => {
  const jpeg = encodeJpeg(picture(320, 180), 95);

  it('gives back what was encoded, in RGB from the top', () => {
    const decoded = decodeJpeg(jpeg);
    expect(decoded).toMatchObject({ widthPx: 320, heightPx: 180 });
    expect(largestDifference(decoded.data, picture(320, 180).data)).toBeLessThan(6);
  });

  it('takes memory of the right size again, and no other', () => {
    const reuse = new Uint8Array(320 * 180 * 3);
    expect(decodeJpeg(jpeg, reuse).data.buffer).toBe(reuse.buffer);
    expect(decodeJpeg(jpeg, new Uint8Array(10)).data.length).toBe(reuse.length);
  });

  it('refuses a picture that is cut short anywhere, and bytes that are none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: jpeg.length - 3 }), (length) => {
        expect(() => decodeJpeg(jpeg.subarray(0, length))).toThrow(
          expect.objectContaining({ code: 'PICTURE_UNREADABLE' }),
        );
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeJpeg(bytes)).toThrow(expect.objectContaining({ code: 'PICTURE_UNREADABLE' }));
      }),
    );
  });

  it('refuses one that says it is huge before memory is taken for it', () => {
    const huge = Buffer.from(jpeg);
    const at = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(60_000, at + 5);
    huge.writeUInt16BE(60_000, at + 7);
    expect(jpegSize(huge)).toEqual({ widthPx: 60_000, heightPx: 60_000 });
    expect(() => decodeJpeg(huge)).toThrow(expect.objectContaining({ code: 'PICTURE_TOO_LARGE' }));
  });
});

describe('decodePhotograph', () => {
  const raw = { raw: { width: 60, height: 40, channels: 3 as const } };

  it('turns a photograph upright as its EXIF orientation says', async () => {
    const lying = await sharp(picture(60, 40).data, raw)
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const upright = await decodePhotograph(lying);
    expect(upright).toMatchObject({ widthPx: 40, heightPx: 60 });
    // Turned right by a quarter: what was the left edge (red 0) is on top.
    expect(upright.data[(2 * 40 + 20) * 3]).toBeLessThan(20);
    expect(upright.data[(57 * 40 + 20) * 3]).toBeGreaterThan(230);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('reads %s', async (format) => {
    const bytes = await sharp(picture(60, 40).data, raw).toFormat(format, { quality: 100 }).toBuffer();
    const decoded = await decodePhotograph(bytes);
    expect(decoded).toMatchObject({ widthPx: 60, heightPx: 40 });
    expect(decoded.data).toHaveLength(60 * 40 * 3);
  });

  it('reads grey and transparent pictures as RGB, transparency as white', async () => {
    const grey = await sharp(picture(60, 40).data, raw).greyscale().png().toBuffer();
    expect((await decodePhotograph(grey)).data).toHaveLength(60 * 40 * 3);
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect([...(await decodePhotograph(clear)).data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('refuses what is cut short, of another kind, or none', async () => {
    const whole = await sharp(picture(600, 400).data, { raw: { width: 600, height: 400, channels: 3 } })
      .jpeg()
      .toBuffer();
    for (const bytes of [
      whole.subarray(0, whole.length >> 1),
      Buffer.from('not a picture'),
      Buffer.alloc(0),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ]) {
      await expect(decodePhotograph(bytes)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
    }
  });

  it('refuses more than 50 megapixels', async () => {
    const huge = await sharp({ create: { width: 8_000, height: 6_300, channels: 3, background: '#888' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(decodePhotograph(huge)).rejects.toMatchObject({
      code: 'PICTURE_TOO_LARGE',
      fields: { widthPx: 8_000, heightPx: 6_300 },
    });
  });
});

describe('resample', () => {
  it('changes nothing at the same size', () => {
    const image = picture(40, 30);
    expect(resample(image, { x: 0, y: 0, width: 40, height: 30 }, 40, 30).data).toEqual(image.data);
  });

  it('keeps an even picture even at every scale', () => {
    const sides = fc.integer({ min: 8, max: 300 });
    fc.assert(
      fc.property(sides, sides, sides, fc.integer({ min: 0, max: 255 }), (width, height, side, level) => {
        const out = resample(flat(width, height, level), { x: 0, y: 0, width, height }, side, side);
        // Half a filter's width at the edges reaches beyond the picture, where it is black.
        const middle = out.data[((side >> 1) * side + (side >> 1)) * 3] ?? 0;
        expect(Math.abs(middle - level)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('puts a point where it belongs', () => {
    const image = flat(1280, 720, 0);
    for (let y = 300; y < 340; y++) image.data.fill(255, (y * 1280 + 800) * 3, (y * 1280 + 840) * 3);
    const tile = cropSquare(image, { x: 640, y: 200, sizePx: 400 }, 256);
    const at = (x: number, y: number) => tile.data[(y * 256 + x) * 3] ?? -1;
    const [left, top] = [((800 - 640) * 256) / 400, ((300 - 200) * 256) / 400];
    expect(at(Math.round(left + 12), Math.round(top + 12))).toBe(255);
    expect(at(Math.round(left - 3), Math.round(top + 12))).toBe(0);
    expect(at(Math.round(left + 12), Math.round(top - 3))).toBe(0);
  });

  it('is black beyond the picture', () => {
    const tile = cropSquare(flat(100, 50, 200), { x: 0, y: -25, sizePx: 100 }, 50);
    expect(tile.data[0]).toBe(0);
    expect(tile.data[(25 * 50 + 25) * 3]).toBe(200);
    expect(tile.data[(49 * 50 + 25) * 3]).toBe(0);
  });
});

describe('luma', () => {
  it('has one level for each cell of the picture', () => {
    const { data, widthPx, heightPx } = lumaThumbnail(picture(1280, 720), 16);
    expect([widthPx, heightPx]).toEqual([80, 45]);
    const [grey] = toLuma(picture(1280, 720)).data;
    expect(Math.abs((data[0] ?? 0) - (grey ?? 0))).toBeLessThan(4);
    expect(data[79]).toBeGreaterThan(data[0] ?? 255);
  });

  it('varies less under the Laplacian the more a picture is blurred', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251));
    const variances = [];
    for (const sigma of [0.3, 1, 2, 4]) {
      const data = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .blur(sigma)
        .raw()
        .toBuffer();
      variances.push(laplacianVariance(toLuma({ data: new Uint8Array(data), widthPx: 64, heightPx: 64 })));
    }
    expect(variances).toEqual([...variances].sort((a, b) => b - a));
    expect(laplacianVariance(toLuma(flat(64, 64, 90)))).toBe(0);
  });
});
