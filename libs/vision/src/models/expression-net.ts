import { coveredShares } from '../expression/cover.js';
import { mirrored } from '../expression/saliency.js';
import { softmaxRows } from '../expression/head.js';
import { cropSquare, type SquarePx } from '../image/resize.js';
import type { ExpressionScores, RgbImage } from '../vision.js';
import type { LoadedModel } from './loaded-model.js';
import type { ExpressionNet, ScoreOptions } from './runners.js';

/** The nets were trained on FER2013, whose pictures show a face from the brows to the chin: this share of the side
 *  of an upright crop, a little below its middle (medians over 901 pictures of FER+ Valid put back into such a crop:
 *  .63, .505 and .528). Looking at the whole crop instead costs .08 of AUC between happy and negative faces. */
const SEEN_SHARE = 0.62;
const SEEN_CENTRE = { x: 0.5, y: 0.526 };

/** A net of expression classes: one that gives probabilities itself, or logits and the features under its head. */
export class ClassNet implements ExpressionNet {
  constructor(private readonly model: LoadedModel) {}

  async score(
    crops: readonly RgbImage[],
    { bothSides = false, looksForCover = false }: ScoreOptions = {},
  ): Promise<readonly ExpressionScores[]> {
    const classes = this.model.entry.classes ?? [];
    const [, side] = this.model.entry.input.shape;
    const seen = crops.map((crop) => cropSquare(crop, seenSquare(crop), side ?? 1));
    const outputs = await this.model.run(bothSides ? [...seen, ...seen.map(mirrored)] : seen);
    const probabilities = this.probabilitiesOf(outputs, classes.length);
    const features = outputs.get('features');
    const covered = looksForCover ? coveredShares(seen) : undefined;
    const rowOf = (values: Float32Array, row: number) => {
      const width = values.length / (crops.length * (bothSides ? 2 : 1));
      return values.slice(row * width, (row + 1) * width);
    };
    return crops.map((_, i) => ({
      classes,
      probabilities: rowOf(probabilities, i),
      ...(bothSides ? { mirrored: rowOf(probabilities, crops.length + i) } : {}),
      ...(covered ? { covered: covered[i] ?? 0 } : {}),
      ...(features ? { features: rowOf(features, i) } : {}),
      ...(features && bothSides ? { mirroredFeatures: rowOf(features, crops.length + i) } : {}),
    }));
  }

  private probabilitiesOf(outputs: ReadonlyMap<string, Float32Array>, classes: number): Float32Array {
    const logits = outputs.get('logits');
    if (logits) return softmaxRows(logits, classes, this.model.entry.calibration?.temperature);
    const [values = new Float32Array()] = outputs.values();
    return values;
  }
}

/** The part of an upright crop, as Vision.cropView makes it, that the nets look at. */
export function seenSquare({ widthPx, heightPx }: RgbImage): SquarePx {
  const sizePx = Math.min(widthPx, heightPx) * SEEN_SHARE;
  return { x: widthPx * SEEN_CENTRE.x - sizePx / 2, y: heightPx * SEEN_CENTRE.y - sizePx / 2, sizePx };
}
