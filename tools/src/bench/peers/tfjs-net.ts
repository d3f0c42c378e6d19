import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { RECIPES } from '@regulars/vision/building';
import type { RgbImage } from '@regulars/vision';

const require = createRequire(import.meta.url);

type Graph = ReturnType<(typeof RECIPES)[number]['convert']>;
type Node = Graph['nodes'][number];

/** A tensor of tfjs, of which only this is used. */
interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface FusedConvolution {
  readonly x: TfTensor;
  readonly filter: TfTensor;
  readonly strides: readonly number[];
  readonly pad: 'same' | 'valid';
  readonly bias?: TfTensor;
  readonly activation?: 'relu6' | 'linear';
}

/** What is used of @tensorflow/tfjs-core. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy<T>(work: () => T): T;
  keep(tensor: TfTensor): TfTensor;
  tensor(values: Float32Array | Uint8Array, shape: readonly number[], type: 'float32' | 'int32'): TfTensor;
  cast(x: TfTensor, type: 'float32'): TfTensor;
  reshape(x: TfTensor, shape: readonly number[]): TfTensor;
  transpose(x: TfTensor, order: readonly number[]): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  sub(a: TfTensor, b: TfTensor): TfTensor;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  clipByValue(x: TfTensor, low: number, high: number): TfTensor;
  mean(x: TfTensor, axes: readonly number[]): TfTensor;
  concat(values: readonly TfTensor[], axis: number): TfTensor;
  pad(x: TfTensor, edges: readonly (readonly number[])[]): TfTensor;
  maxPool(x: TfTensor, size: readonly number[], strides: readonly number[], pad: 'same' | 'valid'): TfTensor;
  avgPool(x: TfTensor, size: readonly number[], strides: readonly number[], pad: 'same' | 'valid'): TfTensor;
  readonly fused: {
    conv2d(convolution: FusedConvolution): TfTensor;
    depthwiseConv2d(convolution: FusedConvolution): TfTensor;
  };
  readonly image: {
    resizeBilinear(x: TfTensor, size: readonly number[], align: boolean, half: boolean): TfTensor;
  };
}

/** One of our own graphs on one thread of tfjs-wasm. */
export interface TfjsNet {
  /** Values of an output by name.
   *  @throws RangeError naming an operator that is not translated */
  run(pictures: readonly RgbImage[], output: string): Promise<Float32Array>;
}

/** Runs a graph of ours, layer for layer, on TensorFlow.js with its WebAssembly backend (SIMD, one thread), with
 *  convolutions fused with bias and ReLU6 as its converter would leave them.
 *  @returns null when TensorFlow.js is not installed */
export async function openTfjsNet(graph: Graph): Promise<TfjsNet | null> {
  const tf = openTensorFlow();
  if (tf === null) return null;
  await tf.setBackend('wasm');
  await tf.ready();
  const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  const tensors = new Map<string, TfTensor>();
  for (const constant of graph.constants) {
    if (constant.kind === 'float')
      tensors.set(constant.name, tf.tensor(constant.values, constant.dims, 'float32'));
  }
  const filters = new Map<string, TfTensor>();
  for (const node of graph.nodes.filter(({ operator }) => operator === 'Conv')) {
    const raw = tensors.get(node.inputs[1] ?? '');
    // Ours: out, in, height, width; a depthwise filter: channel, 1, height, width.
    if (raw) filters.set(node.output, tf.transpose(raw, isDepthwise(node) ? [2, 3, 0, 1] : [2, 3, 1, 0]));
  }
  const run = async (pictures: readonly RgbImage[], wanted: string): Promise<Float32Array> => {
    const [{ widthPx, heightPx } = { widthPx: 0, heightPx: 0 }] = pictures;
    const bytes = new Uint8Array(pictures.length * widthPx * heightPx * 3);
    pictures.forEach(({ data }, i) => bytes.set(data, i * data.length));
    const result = tf.tidy(() => {
      const values = new Map<string, TfTensor>(tensors);
      values.set('input', tf.tensor(bytes, [pictures.length, heightPx, widthPx, 3], 'int32'));
      graph.nodes.forEach((node, at) => {
        if (values.has(node.output)) return;
        const next = graph.nodes[at + 1];
        const isBounded = next?.operator === 'Clip' && next.inputs[0] === node.output;
        const value = carryOut(tf, node, { values, filters, constants, isBounded });
        values.set(node.output, value);
        if (isBounded && node.operator === 'Conv' && next) values.set(next.output, value);
      });
      const found = values.get(wanted);
      if (!found) throw new RangeError(`no output ${wanted}`);
      return tf.keep(found);
    });
    const data = await result.data();
    result.dispose();
    return data;
  };
  return { run };
}

function openTensorFlow(): TensorFlow | null {
  try {
    const tf = require('@tensorflow/tfjs-core') as TensorFlow;
    const wasm = require('@tensorflow/tfjs-backend-wasm') as {
      setWasmPaths(folder: string): void;
      setThreadsCount(threads: number): void;
    };
    const binary = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');
    wasm.setWasmPaths(`${dirname(binary)}/`);
    wasm.setThreadsCount(1);
    return tf;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

interface Place {
  readonly values: ReadonlyMap<string, TfTensor>;
  readonly filters: ReadonlyMap<string, TfTensor>;
  readonly constants: ReadonlyMap<string, Graph['constants'][number]>;
  readonly isBounded: boolean;
}

const numberOf = (node: Node, name: string): number => {
  const attribute = node.attributes[name];
  return attribute?.kind === 'int' ? attribute.value : 1;
};
const numbersOf = (node: Node, name: string): readonly number[] => {
  const attribute = node.attributes[name];
  if (attribute?.kind !== 'ints') throw new RangeError(`no ${name} of ${node.output}`);
  return attribute.value;
};
const padOf = (node: Node): 'same' | 'valid' => {
  const pad = node.attributes['auto_pad'];
  return pad?.kind === 'string' && pad.value === 'VALID' ? 'valid' : 'same';
};
const isDepthwise = (node: Node): boolean => numberOf(node, 'group') > 1;

/** Pictures are NHWC here, where our graphs have NCHW: transposing is left out, constants per channel are turned. */
function carryOut(tf: TensorFlow, node: Node, { values, filters, constants, isBounded }: Place): TfTensor {
  const operand = (index: number): TfTensor => {
    const value = values.get(node.inputs[index] ?? '');
    if (!value) throw new RangeError(`no value ${node.inputs[index] ?? ''}`);
    const { shape } = value;
    const isPerChannel = shape.length === 4 && shape[0] === 1 && shape[2] === 1 && shape[3] === 1;
    return isPerChannel && constants.has(node.inputs[index] ?? '')
      ? tf.reshape(value, [1, 1, 1, shape[1] ?? 1])
      : value;
  };
  switch (node.operator) {
    case 'Transpose':
    case 'Identity':
    case 'Flatten':
      return operand(0);
    case 'Cast':
      return tf.cast(operand(0), 'float32');
    case 'Sub':
      return tf.sub(operand(0), operand(1));
    case 'Mul':
      return tf.mul(operand(0), operand(1));
    case 'Add':
      return tf.add(operand(0), operand(1));
    case 'MatMul':
      return tf.matMul(operand(0), operand(1));
    case 'Relu':
      return tf.relu(operand(0));
    case 'Clip':
      return tf.clipByValue(operand(0), 0, 6);
    case 'GlobalAveragePool':
      return tf.mean(operand(0), [1, 2]);
    case 'Concat':
      return tf.concat([operand(0), operand(1)], 1);
    case 'Pad': {
      const edges = constants.get(node.inputs[1] ?? '');
      const after = edges?.kind === 'int64' ? [...edges.values].slice(4).map(Number) : [];
      const [, channels = 0, rows = 0, columns = 0] = after;
      return tf.pad(operand(0), [
        [0, 0],
        [0, rows],
        [0, columns],
        [0, channels],
      ]);
    }
    case 'MaxPool':
      return tf.maxPool(operand(0), numbersOf(node, 'kernel_shape'), numbersOf(node, 'strides'), padOf(node));
    case 'AveragePool':
      return tf.avgPool(operand(0), numbersOf(node, 'kernel_shape'), numbersOf(node, 'strides'), padOf(node));
    case 'Resize': {
      const scales = constants.get(node.inputs[2] ?? '');
      const x = operand(0);
      const factor = scales?.kind === 'float' ? (scales.values[2] ?? 1) : 1;
      const size = [1, 2].map((axis) => Math.round((x.shape[axis] ?? 1) * factor));
      return tf.image.resizeBilinear(x, size, false, true);
    }
    case 'Conv': {
      const filter = filters.get(node.output);
      if (!filter) throw new RangeError(`no filter of ${node.output}`);
      const convolution: FusedConvolution = {
        x: operand(0),
        filter,
        strides: numbersOf(node, 'strides'),
        pad: padOf(node),
        activation: isBounded ? 'relu6' : 'linear',
        ...(node.inputs.length > 2 ? { bias: operand(2) } : {}),
      };
      return isDepthwise(node) ? tf.fused.depthwiseConv2d(convolution) : tf.fused.conv2d(convolution);
    }
    default:
      throw new RangeError(`the operator ${node.operator} is not translated`);
  }
}
