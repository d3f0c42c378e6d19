import type { Tensor } from './graph.js';
import { foldScale, type FoldedConvolution, type ResnetWeights } from './resnet.js';
import { asConvolutionFilters, readWeights, weightOf, WeightsManifest } from './tfjs-weights.js';

const BLOCK_NAMES = [
  ...['conv32_1', 'conv32_2', 'conv32_3', 'conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2', 'conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
];
const CONVOLUTION_NAMES = [
  'conv32_down',
  ...BLOCK_NAMES.flatMap((block) => [`${block}/conv1`, `${block}/conv2`]),
];

/** face-api's copy of the net, most weights rounded to 8 bits. */
export function readQuantisedResnet([description, binary]: readonly Uint8Array[]): ResnetWeights {
  const manifest = WeightsManifest.parse(JSON.parse(new TextDecoder().decode(description)));
  const weights = readWeights(manifest, binary ?? new Uint8Array());
  const valuesOf = (name: string): Float32Array => weightOf(weights, name).values;
  const convolutions = CONVOLUTION_NAMES.map((name) =>
    foldScale(
      asConvolutionFilters(weightOf(weights, `${name}/conv/filters`)),
      valuesOf(`${name}/conv/bias`),
      {
        scale: valuesOf(`${name}/scale/weights`),
        shift: valuesOf(`${name}/scale/biases`),
      },
    ),
  );
  return { convolutions, embedding: weightOf(weights, 'fc'), scale: 1 / 255 };
}

/** Channels and filter sides of the net's convolutions in order. */
function convolutionDims(): number[][] {
  const dims = [[32, 3, 7, 7]];
  let inputs = 32;
  for (const block of BLOCK_NAMES) {
    const outputs = Number(/\d+/.exec(block)?.[0]);
    dims.push([outputs, inputs, 3, 3], [outputs, outputs, 3, 3]);
    inputs = outputs;
  }
  return dims;
}

/** dlib's own file. A layer is written as its version text (`con_4`, `affine_`, `fc_2`) and its settings, and
 *  holds one tensor of float32: filters then biases, scales then shifts, or the matrix. Layers stand in the
 *  order in which a picture meets them. */
export function readDlibResnet([file]: readonly Uint8Array[]): ResnetWeights {
  const reader = new DlibReader(file ?? new Uint8Array());
  const convolutions = convolutionDims().map((dims): FoldedConvolution => {
    const [outputs = 1] = dims;
    const size = dims.reduce((product, side) => product * side, 1);
    const parameters = reader.tensorAfter('con_4', size + outputs);
    const affine = reader.tensorAfter('affine_', 2 * outputs);
    const filters: Tensor = { dims, values: parameters.slice(0, size) };
    return foldScale(filters, parameters.slice(size), {
      scale: affine.slice(0, outputs),
      shift: affine.slice(outputs),
    });
  });
  const matrix = reader.tensorAfter('fc_2', 256 * 128);
  return { convolutions, embedding: { dims: [256, 128], values: matrix }, scale: 1 / 256 };
}

/** Reads forward through a file written by dlib's serialisation. */
class DlibReader {
  private readonly bytes: Buffer;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The first tensor of `length` values after the next layer that starts with `version`. A tensor is its own
   *  version, its four dimensions and its values in little-endian order. */
  tensorAfter(version: string, length: number): Float32Array {
    const marker = Buffer.concat([packed(version.length), Buffer.from(version)]);
    const layer = this.bytes.indexOf(marker, this.offset);
    if (layer < 0) throw new RangeError(`no layer ${version} after byte ${this.offset}`);
    const start = this.valuesOf(length, layer + marker.length);
    this.offset = start + length * 4;
    if (this.offset > this.bytes.length) throw new RangeError(`the file ends inside layer ${version}`);
    return new Float32Array(Uint8Array.from(this.bytes.subarray(start, this.offset)).buffer);
  }

  /** A tensor's header stands within a few settings of its layer's start. */
  private valuesOf(length: number, from: number): number {
    for (let start = from; start < from + 64; start += 1) {
      const header = this.dimensionsAt(start);
      if (header !== null && header.product === length) return header.end;
    }
    throw new RangeError(`no tensor of ${length} values at byte ${from}`);
  }

  private dimensionsAt(start: number): { product: number; end: number } | null {
    let offset = start;
    const numbers: number[] = [];
    for (let field = 0; field < 5; field += 1) {
      const width = this.bytes[offset] ?? 0;
      if (width < 1 || width > 4) return null;
      numbers.push(this.bytes.readUIntLE(offset + 1, width));
      offset += 1 + width;
    }
    const [version, ...dims] = numbers;
    return version === 2 ? { product: dims.reduce((product, size) => product * size, 1), end: offset } : null;
  }
}

/** dlib's integers: the number of bytes, then the bytes, lowest first. */
const packed = (value: number): Buffer => Buffer.of(1, value);
