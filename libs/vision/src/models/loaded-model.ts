import { RegularsError } from '@regulars/contracts';
import type { InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../vision.js';
import { batchOf, feedOf, sizeOf } from './feeds.js';
import type { ModelEntry } from './manifest.js';
import type { Provider } from './runners.js';

/** The outputs of a run by name, each with the values of all pictures in order. */
export type Outputs = ReadonlyMap<string, Float32Array>;

/** An open model. A run occupies the calling thread until it is done, so it belongs in a worker thread. */
export class LoadedModel {
  constructor(
    readonly entry: ModelEntry,
    readonly provider: Provider,
    private readonly session: InferenceSession,
  ) {}

  /** @param pictures each as wide and high as the model's input; any number, run in batches
   *  @returns one value list per output, empty when there are no pictures
   *  @throws RegularsError MODEL_MISMATCH when a picture has another size */
  async run(pictures: readonly RgbImage[]): Promise<Outputs> {
    for (const picture of pictures) this.checkSize(picture);
    const lists = new Map(
      this.entry.outputs.map(({ name, shape }) => {
        const perPicture = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
        return [name, new Float32Array(perPicture * pictures.length)];
      }),
    );
    const { input } = this.entry;
    const batch = batchOf(input);
    for (let first = 0; first < pictures.length; first += batch) {
      const feed = feedOf(input, pictures.slice(first, first + batch));
      const results = await this.session.run({ [input.name]: feed });
      for (const [name, list] of lists) {
        const values = results[name]?.data;
        if (values instanceof Float32Array)
          list.set(values.subarray(0, list.length), (list.length / pictures.length) * first);
      }
    }
    return lists;
  }

  private checkSize({ data, widthPx, heightPx }: RgbImage): void {
    const size = sizeOf(this.entry.input);
    const isRight = widthPx === size.widthPx && heightPx === size.heightPx;
    if (isRight && data.length === widthPx * heightPx * 3) return;
    throw new RegularsError('MODEL_MISMATCH', {
      model: this.entry.name,
      expected: `${size.widthPx}x${size.heightPx} RGB`,
      given: `${widthPx}x${heightPx} in ${data.length} bytes`,
    });
  }

  /** Frees the session; the model cannot be run afterwards. */
  async release(): Promise<void> {
    await this.session.release();
  }
}
