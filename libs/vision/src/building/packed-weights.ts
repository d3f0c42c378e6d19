import { z } from 'zod';
import type { Tensor } from './graph.js';
import type { FoldedConvolution } from './resnet.js';

const PackedTensor = z.strictObject({
  name: z.string(),
  dims: z.array(z.int().positive()),
  /** int8: a 32-bit scale for each of dims[0] first, then the values; float32: the values. */
  kind: z.enum(['int8', 'float32']),
});

/** First line of a file of weights that training/ wrote; the tensors follow one after the other. */
const PackedHeader = z.strictObject({
  format: z.literal('regulars-weights-1'),
  tensors: z.array(PackedTensor),
});

const NEWLINE = 10;

/** Weights that training/ wrote, by name. */
export class PackedWeights {
  private constructor(private readonly tensors: ReadonlyMap<string, Tensor>) {}

  /** @throws RangeError when the file is cut short or goes on after its last tensor */
  static read(bytes: Uint8Array): PackedWeights {
    const end = bytes.indexOf(NEWLINE);
    const { tensors } = PackedHeader.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))));
    const read = new Map<string, Tensor>();
    let offset = end + 1;
    for (const { name, dims, kind } of tensors) {
      const count = dims.reduce((product, size) => product * size, 1);
      const rows = kind === 'int8' ? (dims[0] ?? 1) : 0;
      const length = kind === 'int8' ? rows * 4 + count : count * 4;
      const part = Uint8Array.from(bytes.subarray(offset, offset + length));
      if (part.length < length) throw new RangeError(`weights end before ${name}`);
      read.set(name, { dims, values: kind === 'int8' ? scaled(part, rows) : floats(part) });
      offset += length;
    }
    if (offset !== bytes.length) throw new RangeError(`${bytes.length - offset} bytes after the last weight`);
    return new PackedWeights(read);
  }

  tensor(name: string): Tensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`no weight named ${name}`);
    return tensor;
  }

  convolution(name: string): FoldedConvolution {
    return { filters: this.tensor(`${name}/filters`), bias: this.tensor(`${name}/bias`).values };
  }
}

/** The bytes are a copy of their own, so they begin where a 32-bit number may. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.buffer);

function scaled(bytes: Uint8Array, rows: number): Float32Array {
  const scales = new Float32Array(bytes.buffer, 0, rows);
  const values = new Int8Array(bytes.buffer, rows * 4);
  const perRow = values.length / rows;
  return Float32Array.from(values, (value, index) => value * (scales[Math.floor(index / perRow)] ?? 0));
}
