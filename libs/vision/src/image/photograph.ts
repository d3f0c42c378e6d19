import { isRegularsError, RegularsError } from '@regulars/contracts';
import sharp from 'sharp';
import type { RgbImage } from '../vision.js';

/** Larger photographs are refused unread: 50 megapixels decode to 150 MB. */
export const MAX_PHOTOGRAPH_PIXELS = 50_000_000;

const FORMATS = new Set(['jpeg', 'png', 'webp']);

/** Decodes a photograph (JPEG, PNG or WebP), upright by its EXIF orientation, transparency on white.
 *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE */
export async function decodePhotograph(bytes: Uint8Array): Promise<RgbImage> {
  try {
    return await decode(bytes);
  } catch (error) {
    if (isRegularsError(error)) throw error;
    throw new RegularsError('PICTURE_UNREADABLE', { bytes: bytes.length }, { cause: error });
  }
}

/** The photograph at a smaller size, as PNG: what a camera further away would have seen.
 *  @param scale above 0, at most 1
 *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE */
export async function shrinkPhotograph(bytes: Uint8Array, scale: number): Promise<Uint8Array> {
  const { data, widthPx, heightPx } = await decodePhotograph(bytes);
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  const [width, height] = [widthPx, heightPx].map((size) => Math.max(1, Math.round(size * scale)));
  return sharp(data, { raw }).resize(width, height, { fit: 'fill' }).png().toBuffer();
}

async function decode(bytes: Uint8Array): Promise<RgbImage> {
  const source = sharp(bytes, { limitInputPixels: false, failOn: 'error', animated: false });
  const { format, width, height } = await source.metadata();
  if (!FORMATS.has(format)) throw new RegularsError('PICTURE_UNREADABLE', { bytes: bytes.length, format });
  if (width * height > MAX_PHOTOGRAPH_PIXELS) {
    throw new RegularsError('PICTURE_TOO_LARGE', { widthPx: width, heightPx: height });
  }
  const upright = source.autoOrient().flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return {
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    widthPx: info.width,
    heightPx: info.height,
  };
}
