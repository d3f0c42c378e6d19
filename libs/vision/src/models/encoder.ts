import { RegularsError } from '@regulars/contracts';
import { mirrorImage } from '../geometry/align.js';
import { CHIP_SHAPES, type ChipShape } from '../geometry/chips.js';
import type { RgbImage } from '../vision.js';
import { cosineDistance, meanDirection, unitVector } from './embeddings.js';
import { sizeOf } from './feeds.js';
import type { LoadedModel } from './loaded-model.js';
import type { EncodeOptions, FaceEncoder } from './runners.js';

/** Two drawn chips that no net that tells faces apart sees as one come no nearer. */
const SAME = 1e-6;

/** Any net from an aligned chip to one vector: dlib's, or one of the operator's own. */
export class ChipEncoder implements FaceEncoder {
  readonly recogniser: string;
  readonly dimensions: number;
  readonly chip: ChipShape;

  private constructor(private readonly model: LoadedModel) {
    const { entry } = model;
    this.recogniser = entry.name;
    this.dimensions = entry.outputs[0]?.shape[1] ?? 0;
    this.chip = CHIP_SHAPES[entry.alignment ?? 'dlib-150'];
  }

  /** Takes a model for an encoder once it was seen to behave like one.
   *  @throws RegularsError MODEL_MISMATCH naming the field: other sizes than its alignment's, other outputs than one
   *  vector, numbers that are not finite, the same numbers for different pictures */
  static async open(model: LoadedModel): Promise<ChipEncoder> {
    const encoder = new ChipEncoder(model);
    encoder.checkShapes();
    const drawn = [0, 1].map((kind) => drawnChip(encoder.chip.sidePx, kind));
    const [one, other] = await encoder.encode(drawn);
    if (one !== undefined && other !== undefined && cosineDistance(one, other) > SAME) return encoder;
    throw encoder.mismatch({ field: 'file', problem: 'gives the same numbers for different pictures' });
  }

  async encode(
    chips: readonly RgbImage[],
    { mirrored = false }: EncodeOptions = {},
  ): Promise<readonly Float32Array[]> {
    const views = mirrored ? chips.flatMap((chip) => [chip, mirrorImage(chip)]) : chips;
    const vectors = await this.encodeViews(views);
    if (!mirrored) return vectors;
    return chips.map((_, index) => meanDirection(vectors.slice(index * 2, index * 2 + 2)));
  }

  private async encodeViews(views: readonly RgbImage[]): Promise<Float32Array[]> {
    const [values = new Float32Array()] = (await this.model.run(views)).values();
    return views.map((_, index) => {
      const vector = values.subarray(index * this.dimensions, (index + 1) * this.dimensions);
      const length = Math.hypot(...vector);
      if (!Number.isFinite(length) || length === 0)
        throw this.mismatch({ field: 'file', problem: 'gives numbers that are not finite, or only zeros' });
      return unitVector(vector);
    });
  }

  private checkShapes(): void {
    const { input, outputs, alignment = 'dlib-150' } = this.model.entry;
    const { widthPx, heightPx } = sizeOf(input);
    const { sidePx } = this.chip;
    if (widthPx !== sidePx || heightPx !== sidePx)
      throw this.mismatch({
        field: 'input.shape',
        stated: `${widthPx}x${heightPx}`,
        expected: `${sidePx}x${sidePx} (alignment ${alignment})`,
      });
    const isVector = outputs.length === 1 && outputs[0]?.shape.length === 2 && this.dimensions > 1;
    if (!isVector) throw this.mismatch({ field: 'outputs', expected: 'one vector, [null, dimensions]' });
  }

  private mismatch(fields: Readonly<Record<string, string>>): RegularsError {
    return new RegularsError('MODEL_MISMATCH', { model: this.recogniser, ...fields });
  }
}

/** A picture that is not of one colour. */
function drawnChip(sidePx: number, kind: number): RgbImage {
  const data = Uint8Array.from({ length: sidePx * sidePx * 3 }, (_, at) => {
    const [row, column, channel] = [Math.floor(at / 3 / sidePx), Math.floor(at / 3) % sidePx, at % 3];
    const value =
      kind === 0 ? (row * 2 + column * channel) % 256 : ((row >> 3) ^ (column >> 3)) % 2 ? 200 : 40;
    return value;
  });
  return { data, widthPx: sidePx, heightPx: sidePx };
}
