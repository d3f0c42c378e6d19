import { Tensor } from 'onnxruntime-node';
import type { RgbImage } from '../vision.js';
import type { ModelEntry } from './manifest.js';

/** Larger batches bring nothing on a CPU. */
const LARGEST_BATCH = 8;

type Input = ModelEntry['input'];

/** Pictures of one run: as many as the input says where its batch is of a size, else as many as pay. */
export const batchOf = ({ shape }: Input): number => shape[0] ?? LARGEST_BATCH;

/** Width and height of a model's input, pixels. */
export function sizeOf({ layout, shape }: Input): { readonly widthPx: number; readonly heightPx: number } {
  const [, first, second, third] = shape;
  const [heightPx, widthPx] = layout === 'NHWC' ? [first, second] : [second, third];
  return { widthPx: widthPx ?? 1, heightPx: heightPx ?? 1 };
}

/** Pictures as a model takes them: in its order of colours and axes, and with mean and scale applied where the graph
 *  leaves that to the caller.
 *  @param pictures each of the input's size */
export function feedOf(input: Input, pictures: readonly RgbImage[]): Tensor {
  const { widthPx, heightPx } = sizeOf(input);
  const { layout, type, colourOrder } = input;
  const plane = widthPx * heightPx;
  const length = plane * 3 * pictures.length;
  const isPlain = layout === 'NHWC' && type === 'uint8' && colourOrder === 'RGB';
  const dims = layout === 'NHWC' ? [heightPx, widthPx, 3] : [3, heightPx, widthPx];
  const shape = [pictures.length, ...dims];
  if (isPlain) {
    const bytes = new Uint8Array(length);
    pictures.forEach(({ data }, index) => bytes.set(data, index * plane * 3));
    return new Tensor('uint8', bytes, shape);
  }
  const values = type === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
  const [pixelStep, channelStep] = layout === 'NHWC' ? [3, 1] : [1, plane];
  pictures.forEach(({ data }, index) => {
    for (let channel = 0; channel < 3; channel += 1) {
      const from = colourOrder === 'RGB' ? channel : 2 - channel;
      const mean = input.normalisedInGraph ? 0 : (input.mean[channel] ?? 0);
      const scale = input.normalisedInGraph ? 1 : input.scale;
      const start = index * plane * 3 + channel * channelStep;
      for (let pixel = 0; pixel < plane; pixel += 1)
        values[start + pixel * pixelStep] = ((data[pixel * 3 + from] ?? 0) - mean) * scale;
    }
  });
  return values instanceof Uint8Array
    ? new Tensor('uint8', values, shape)
    : new Tensor('float32', values, shape);
}
