import { RegularsError } from '@regulars/contracts';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../vision.js';
import type { ModelEntry } from './manifest.js';
import type { Provider } from './runners.js';

/** Larger batches bring nothing on a CPU. */
const BATCH_SIZE = 8;

/** The outputs of a run by name, each with the values of all pictures in order. */
export type Outputs = ReadonlyMap<string, Float32Array>;

/** An open model. A run occupies the calling thread until it is done, so it belongs in a worker thread. */
export class LoadedModel {
  constructor(
    readonly entry: ModelEntry,
    readonly provider: Provider,
    private readonly session: InferenceSession,
  ) {}

  /** @param pictures each as wide and high as the model's input; any number, run in batches of at most 8
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
    for (let first = 0; first < pictures.length; first += BATCH_SIZE) {
      const results = await this.runBatch(pictures.slice(first, first + BATCH_SIZE));
      for (const [name, list] of lists) {
        const values = results[name]?.data;
        if (values instanceof Float32Array) list.set(values, (list.length / pictures.length) * first);
      }
    }
    return lists;
  }

  private async runBatch(pictures: readonly RgbImage[]): Promise<InferenceSession.OnnxValueMapType> {
    const sides = this.entry.input.shape.slice(1, 3).map((size) => size ?? 1);
    const length = sides.reduce((product, side) => product * side, 3);
    const batch = new Uint8Array(length * pictures.length);
    pictures.forEach((picture, index) => batch.set(picture.data, index * length));
    const feeds = {
      [this.entry.input.name]: new Tensor('uint8', batch, [pictures.length, ...sides, 3]),
    };
    return this.session.run(feeds);
  }

  private checkSize({ data, widthPx, heightPx }: RgbImage): void {
    const [, height, width] = this.entry.input.shape;
    if (widthPx === width && heightPx === height && data.length === widthPx * heightPx * 3) return;
    throw new RegularsError('MODEL_MISMATCH', {
      model: this.entry.name,
      expected: `${width}x${height} RGB`,
      given: `${widthPx}x${heightPx} in ${data.length} bytes`,
    });
  }

  /** Frees the session; the model cannot be run afterwards. */
  async release(): Promise<void> {
    await this.session.release();
  }
}
