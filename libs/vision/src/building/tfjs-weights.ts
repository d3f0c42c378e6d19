import { z } from 'zod';
import type { Tensor } from './graph.js';

/** Weights of a TensorFlow.js model by name. */
export type Weights = ReadonlyMap<string, Tensor>;

const WeightEntry = z.object({
  name: z.string(),
  shape: z.array(z.int()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
});

/** What follows the topology in a TensorFlow.js model file; face-api's manifests hold nothing else. */
export const WeightsManifest = z.array(z.object({ weights: z.array(WeightEntry) }));
export type WeightsManifest = z.infer<typeof WeightsManifest>;

/** Cuts the binary file into tensors: float32 and int32 as they are, uint8 as value * scale + min. */
export function readWeights(manifest: WeightsManifest, binary: Uint8Array): Weights {
  const weights = new Map<string, Tensor>();
  let offset = 0;
  for (const entry of manifest.flatMap((group) => group.weights)) {
    const length = entry.shape.reduce((product, size) => product * size, 1);
    const width = entry.quantization === undefined ? 4 : 1;
    const bytes = binary.subarray(offset, offset + length * width);
    if (bytes.length < length * width) throw new RangeError(`weights end before ${entry.name}`);
    weights.set(entry.name, { dims: entry.shape, values: decode(entry, bytes) });
    offset += length * width;
  }
  return weights;
}

function decode(entry: z.infer<typeof WeightEntry>, bytes: Uint8Array): Float32Array {
  if (entry.quantization !== undefined) {
    const { scale, min } = entry.quantization;
    return Float32Array.from(bytes, (value) => value * scale + min);
  }
  const copy = Uint8Array.from(bytes).buffer;
  return entry.dtype === 'float32' ? new Float32Array(copy) : Float32Array.from(new Int32Array(copy));
}

export function weightOf(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name);
  if (tensor === undefined) throw new RangeError(`no weight named ${name}`);
  return tensor;
}

/** TensorFlow's filters [height, width, in, out] as ONNX wants them: [out, in, height, width]. */
export function asConvolutionFilters({ dims, values }: Tensor): Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = dims;
  const area = height * width;
  const reordered = new Float32Array(values.length);
  for (let position = 0; position < area; position += 1) {
    for (let input = 0; input < inputs; input += 1) {
      for (let output = 0; output < outputs; output += 1) {
        reordered[(output * inputs + input) * area + position] =
          values[(position * inputs + input) * outputs + output] ?? 0;
      }
    }
  }
  return { dims: [outputs, inputs, height, width], values: reordered };
}

/** TensorFlow's depthwise filters [height, width, channels, 1] as [channels, 1, height, width]. */
export function asDepthwiseFilters({ dims, values }: Tensor): Tensor {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = dims;
  if (multiplier !== 1) throw new RangeError('depthwise filters with a multiplier are not known');
  return asConvolutionFilters({ dims: [height, width, 1, channels], values });
}
