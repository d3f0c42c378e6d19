import { resample, type RgbImage } from '@regulars/vision';

/** A border as wide as the widest filter of `resample` reaches past a picture's edge. */
const BORDER_PX = 4;

/** A whole picture at another size. Past its edges it goes on as it ended: `resample` would mix in black. */
export function fitted(picture: RgbImage, widthPx: number, heightPx = widthPx): RgbImage {
  if (picture.widthPx === widthPx && picture.heightPx === heightPx) return picture;
  const border = BORDER_PX * Math.max(1, Math.ceil(picture.widthPx / widthPx));
  const [wide, high] = [picture.widthPx + 2 * border, picture.heightPx + 2 * border];
  const data = new Uint8Array(wide * high * 3);
  for (let y = 0; y < high; y += 1) {
    const row = Math.min(picture.heightPx - 1, Math.max(0, y - border)) * picture.widthPx;
    for (let x = 0; x < wide; x += 1) {
      const from = (row + Math.min(picture.widthPx - 1, Math.max(0, x - border))) * 3;
      data.set(picture.data.subarray(from, from + 3), (y * wide + x) * 3);
    }
  }
  const region = { x: border, y: border, width: picture.widthPx, height: picture.heightPx };
  return resample({ data, widthPx: wide, heightPx: high }, region, widthPx, heightPx);
}
