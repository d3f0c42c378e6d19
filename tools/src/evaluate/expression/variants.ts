import { cropSquare, type RgbImage } from '@regulars/vision';

/** What a mask covers in a picture from the brows to the chin: from the nose down, higher over its bridge. */
const MASK = { top: 0.52, drop: 0.1, colour: [178, 203, 214] as const };

/** A face behind a light blue mask with a few folds. It differs in colour and outline from those that the net was
 *  trained with. */
export function masked(picture: RgbImage): RgbImage {
  const { widthPx, heightPx } = picture;
  const data = picture.data.slice();
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const across = ((x + 0.5) / widthPx) * 2 - 1;
      if ((y + 0.5) / heightPx < MASK.top + MASK.drop * across * across) continue;
      const fold = 10 * Math.sin(((y + 0.5) / heightPx) * 40);
      MASK.colour.forEach((level, channel) => {
        data[(y * widthPx + x) * 3 + channel] = level + fold;
      });
    }
  }
  return { widthPx, heightPx, data };
}

/** The middle square of a picture. */
export function squared(picture: RgbImage): RgbImage {
  const sizePx = Math.min(picture.widthPx, picture.heightPx);
  if (picture.widthPx === picture.heightPx) return picture;
  const square = { x: (picture.widthPx - sizePx) / 2, y: (picture.heightPx - sizePx) / 2, sizePx };
  return cropSquare(picture, square, sizePx);
}
