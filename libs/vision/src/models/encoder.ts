import { mirrorImage } from '../geometry/align.js';
import type { RgbImage } from '../vision.js';
import type { LoadedModel } from './loaded-model.js';
import { meanDirection, unitVector } from './embeddings.js';
import type { EncodeOptions, FaceEncoder } from './runners.js';

/** dlib's ResNet, or any net from an aligned chip to one vector. */
export class ResnetEncoder implements FaceEncoder {
  readonly recogniser: string;
  readonly dimensions: number;

  constructor(private readonly model: LoadedModel) {
    this.recogniser = model.entry.name;
    this.dimensions = model.entry.outputs[0]?.shape[1] ?? 0;
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
    return views.map((_, index) =>
      unitVector(values.subarray(index * this.dimensions, (index + 1) * this.dimensions)),
    );
  }
}
