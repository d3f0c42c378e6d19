import type { RgbImage } from '../../vision.js';

/** A picture drawn by whole-number arithmetic alone, the same on every machine: slopes, a disc and grain. The
 *  golden vectors beside this file are what the packages' own code makes of it. */
export function drawPicture(sidePx: number): RgbImage {
  const data = new Uint8Array(sidePx * sidePx * 3);
  for (let y = 0; y < sidePx; y += 1) {
    for (let x = 0; x < sidePx; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const slope = Math.floor(((x * (channel + 1) + y * (3 - channel)) * 64) / sidePx);
        const disc = (x - sidePx / 2) ** 2 + (y - sidePx / 2) ** 2 < (sidePx / 3) ** 2 ? 70 : 0;
        const grain = ((x * 31 + y * 17 + channel * 7) % 23) + ((x * y) % 11);
        data[(y * sidePx + x) * 3 + channel] = (slope + disc + grain) & 255;
      }
    }
  }
  return { data, widthPx: sidePx, heightPx: sidePx };
}
