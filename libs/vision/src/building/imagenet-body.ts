import { GraphBuilder, type Graph, type Tensor } from './graph.js';
import { MOBILENET_FEATURES, mobileNetFeatures } from './mobilenet.js';
import { foldScale, type FoldedConvolution } from './resnet.js';
import {
  asConvolutionFilters,
  asDepthwiseFilters,
  readWeights,
  weightOf,
  type Weights,
} from './tfjs-weights.js';

/** 96 px instead of ImageNet's 224: the same body at a fifth of the work, and faces are no larger. */
export const IMAGENET_BODY_INPUT = { sidePx: 96, mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };

/** Keras's epsilon in the norms of MobileNetV2. */
const EPSILON = 1e-3;

/** The body under nsfwjs's smallest classifier: MobileNetV2 1.0 with weights that descend from ImageNet's, rounded
 *  to 8 bits. Its own classes are left away.
 *  @param files the package's description and its one shard, both JavaScript that carries data */
export function imagenetBodyGraph(files: readonly Uint8Array[]): Graph {
  const weights = readNsfwjs(files);
  const { sidePx, mean, scale } = IMAGENET_BODY_INPUT;
  const graph = new GraphBuilder('imagenet-body', [null, sidePx, sidePx, 3]);
  const features = mobileNetFeatures(graph, graph.normalise(mean, scale), (name) => folded(weights, name));
  graph.output('features', features, [null, MOBILENET_FEATURES]);
  return graph.build();
}

/** Our names to Keras's: of the convolution and of its norm. */
function kerasNames(name: string): { kernel: string; norm: string } {
  if (name === 'stem') return { kernel: 'Conv1/kernel', norm: 'bn_Conv1' };
  if (name === 'top') return { kernel: 'Conv_1/kernel', norm: 'Conv_1_bn' };
  const layer = name.replace(/^block_0_/, 'expanded_conv_');
  return {
    kernel: `${layer}/${layer.endsWith('_depthwise') ? 'depthwise_kernel' : 'kernel'}`,
    norm: `${layer}_BN`,
  };
}

function folded(weights: Weights, name: string): FoldedConvolution {
  const { kernel, norm } = kerasNames(name);
  const raw = weightOf(weights, kernel);
  const filters: Tensor = kernel.endsWith('depthwise_kernel')
    ? asDepthwiseFilters(raw)
    : asConvolutionFilters(raw);
  const of = (part: string): Float32Array => weightOf(weights, `${norm}/${part}`).values;
  const [gamma, beta, mean, variance] = [of('gamma'), of('beta'), of('moving_mean'), of('moving_variance')];
  const scale = gamma.map((value, channel) => value / Math.sqrt((variance[channel] ?? 0) + EPSILON));
  const shift = beta.map((value, channel) => value - (mean[channel] ?? 0) * (scale[channel] ?? 0));
  return foldScale(filters, new Float32Array(gamma.length), { scale, shift });
}

const ENTRY =
  /\{name:"([^"]+)",shape:\[([\d,]+)\],dtype:"float32",quantization:\{min:([^,]+),scale:([^,]+),dtype:"uint8"\}\}/g;
const SHARD = /"([A-Za-z0-9+/]{1000,}=*)"/;

/** Reads the data out of the two scripts without running them. */
function readNsfwjs([description, shard]: readonly Uint8Array[]): Weights {
  const text = new TextDecoder().decode(description);
  const entries = [...text.matchAll(ENTRY)].map(([, name = '', shape = '', min, scale]) => ({
    name,
    shape: shape.split(',').map(Number),
    dtype: 'float32' as const,
    quantization: { dtype: 'uint8' as const, min: Number(min), scale: Number(scale) },
  }));
  const base64 = SHARD.exec(new TextDecoder().decode(shard))?.[1] ?? '';
  return readWeights([{ weights: entries }], new Uint8Array(Buffer.from(base64, 'base64')));
}
