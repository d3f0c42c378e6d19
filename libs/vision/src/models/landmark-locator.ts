import type { BoxPx } from '@regulars/contracts';
import { cropSquare, type SquarePx } from '../image/resize.js';
import type { PointPx, RgbImage } from '../vision.js';
import type { LoadedModel } from './loaded-model.js';
import type { LandmarkLocator } from './runners.js';

/** The landmark net was trained on crops somewhat wider than the detector's boxes. */
const CROP_PER_BOX = 1.25;
const CROP_PX = 112;
const POINTS = 68;

/** face-api's net of 68 landmarks. */
export class FaceApiLandmarks implements LandmarkLocator {
  constructor(private readonly model: LoadedModel) {}

  async locate(image: RgbImage, boxes: readonly BoxPx[]): Promise<readonly (readonly PointPx[])[]> {
    const squares = boxes.map(squareAround);
    const crops = squares.map((square) => cropSquare(image, square, CROP_PX));
    const points = (await this.model.run(crops)).get('points') ?? new Float32Array();
    return squares.map(({ x, y, sizePx }, face) =>
      Array.from({ length: POINTS }, (_, point) => {
        const index = (face * POINTS + point) * 2;
        return { x: x + (points[index] ?? 0) * sizePx, y: y + (points[index + 1] ?? 0) * sizePx };
      }),
    );
  }
}

function squareAround({ x, y, width, height }: BoxPx): SquarePx {
  const sizePx = Math.max(width, height) * CROP_PER_BOX;
  return { x: x + (width - sizePx) / 2, y: y + (height - sizePx) / 2, sizePx };
}
