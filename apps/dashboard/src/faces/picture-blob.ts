import type { BoxPx } from '@regulars/contracts';

/** Little is lost to compression in a crop that templates are made of. */
const CROP_QUALITY = 0.95;
const UPLOAD_QUALITY = 0.9;
/** Longest side of a photograph that had to be converted, pixels: a face stays far above the least width. */
const CONVERTED_SIDE_PX = 2_400;
const UPLOAD_BYTES_AT_MOST = 10 * 1024 * 1024;
const ACCEPTED_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** Cuts a box out of a decoded picture.
 *  @returns JPEG */
export async function cropToJpeg(picture: CanvasImageSource, box: BoxPx): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = box.width;
  canvas.height = box.height;
  draw(canvas, picture, box);
  return toJpeg(canvas, CROP_QUALITY);
}

/** A chosen photograph as the gateway takes it: converted to JPEG and made smaller only where its kind (such as
 *  HEIC from a phone) or its size would be refused. What the browser cannot read is sent as it is, so that the
 *  gateway says what is wrong with it. */
export async function toUpload(file: Blob): Promise<Blob> {
  if (ACCEPTED_TYPES.has(file.type) && file.size <= UPLOAD_BYTES_AT_MOST) return file;
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return file;
  const scale = Math.min(1, CONVERTED_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  draw(canvas, picture, { x: 0, y: 0, width: picture.width, height: picture.height });
  picture.close();
  return toJpeg(canvas, UPLOAD_QUALITY);
}

/** Draws a part of a picture over the whole of a canvas. */
export function draw(canvas: HTMLCanvasElement, picture: CanvasImageSource, part: BoxPx): void {
  canvas
    .getContext('2d')
    ?.drawImage(picture, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
}

function toJpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob === null) reject(new Error('the browser could not encode the picture'));
        else resolve(blob);
      },
      'image/jpeg',
      quality,
    );
  });
}
