import { RegularsError } from '@regulars/contracts';
import sharp from 'sharp';
import type { RgbImage } from '../vision.js';

/** Larger photographs are refused unread: 50 megapixels decode to 150 MB. */
export const MAX_PHOTOGRAPH_PIXELS = 50_000_000;

const FORMATS = new Set(['jpeg', 'png', 'webp']);

/** Decodes a photograph (JPEG, PNG or WebP), upright by its EXIF orientation, transparency on white.
 *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE */
export async function decodePhotograph(bytes: Uint8Array): Promise<RgbImage> {
  const source = sharp(bytes, { limitInputPixels: false, failOn: 'error', animated: false });
  const header = await source.metadata().catch((error: unknown) => {
    throw new RegularsError('PICTURE_UNREADABLE', { bytes: bytes.length }, { cause: error });
  });
  if (!FORMATS.has(header.format)) {
    throw new RegularsError('PICTURE_UNREADABLE', { bytes: bytes.length, format: header.format });
  }
  if (header.width * header.height > MAX_PHOTOGRAPH_PIXELS) {
    throw new RegularsError('PICTURE_TOO_LARGE', { widthPx: header.width, heightPx: header.height });
  }
  const upright = source.autoOrient().flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await upright
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new RegularsError('PICTURE_UNREADABLE', { bytes: bytes.length }, { cause: error });
    });
  return {
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    widthPx: info.width,
    heightPx: info.height,
  };
}
