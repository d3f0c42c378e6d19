import { cropSquare } from '../image/resize.js';
import type { ExpressionScores, RgbImage } from '../vision.js';
import type { LoadedModel } from './loaded-model.js';
import type { ExpressionNet } from './runners.js';

/** A net of expression classes that sees a face from the brows to the chin. */
export class EmotionNet implements ExpressionNet {
  constructor(private readonly model: LoadedModel) {}

  async score(crops: readonly RgbImage[]): Promise<readonly ExpressionScores[]> {
    const classes = this.model.entry.classes ?? [];
    const [, side] = this.model.entry.input.shape;
    const pictures = crops.map((crop) =>
      cropSquare(crop, { x: 0, y: 0, sizePx: Math.min(crop.widthPx, crop.heightPx) }, side ?? 1),
    );
    const [values = new Float32Array()] = (await this.model.run(pictures)).values();
    return crops.map((_, index) => ({
      classes,
      probabilities: values.slice(index * classes.length, (index + 1) * classes.length),
    }));
  }
}
