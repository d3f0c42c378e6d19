import { GraphBuilder, type Graph } from './graph.js';
import {
  asConvolutionFilters,
  asDepthwiseFilters,
  readWeights,
  weightOf,
  WeightsManifest,
  type Weights,
} from './tfjs-weights.js';

/** Crops of 112 px; the mean is that of dlib's networks. */
export const LANDMARKS_INPUT = { sidePx: 112, mean: [122.782, 117.001, 104.298], scale: 1 / 255 };

const BLOCKS = 4;

/** face-api's net for 68 landmarks: four dense blocks of separable convolutions, each halving the picture. The
 *  output is x, y of each point in order, 0..1 of the crop. */
export function landmarksGraph([description, binary]: readonly Uint8Array[]): Graph {
  const { sidePx } = LANDMARKS_INPUT;
  const graph = new GraphBuilder('face-landmarks-68', [null, sidePx, sidePx, 3]);
  graph.output('points', denseNet(graph, { description, binary }), [null, 136]);
  return graph.build();
}

/** In the order of face-api's expression net. */
export const FACE_API_CLASSES = ['neutral', 'happy', 'sad', 'angry', 'afraid', 'disgusted', 'surprised'];

/** face-api's net for expressions: the same blocks under another last layer. */
export function faceApiExpressionGraph([description, binary]: readonly Uint8Array[]): Graph {
  const { sidePx } = LANDMARKS_INPUT;
  const graph = new GraphBuilder('face-api-expression', [null, sidePx, sidePx, 3]);
  const logits = denseNet(graph, { description, binary });
  graph.output('probabilities', graph.softmax(logits), [null, FACE_API_CLASSES.length]);
  return graph.build();
}

interface Files {
  readonly description: Uint8Array | undefined;
  readonly binary: Uint8Array | undefined;
}

function denseNet(graph: GraphBuilder, { description, binary }: Files): string {
  const { mean, scale } = LANDMARKS_INPUT;
  const manifest = WeightsManifest.parse(JSON.parse(new TextDecoder().decode(description)));
  const weights = readWeights(manifest, binary ?? new Uint8Array());
  let x = graph.normalise(mean, scale);
  for (let block = 0; block < BLOCKS; block += 1) x = denseBlock(graph, weights, x, block);
  const features = graph.apply('Flatten', [graph.averagePool(x, 7, 2)], {
    axis: { kind: 'int', value: 1 },
  });
  return graph.dense(features, weightOf(weights, 'fc/weights'), weightOf(weights, 'fc/bias').values);
}

function denseBlock(graph: GraphBuilder, weights: Weights, x: string, block: number): string {
  const name = `dense${block}`;
  const halved =
    block === 0 ? plain(graph, weights, x, name) : separable(graph, weights, x, `${name}/conv0`, 2);
  const first = graph.relu(halved);
  const second = separable(graph, weights, first, `${name}/conv1`, 1);
  const two = graph.add(first, second);
  const third = separable(graph, weights, graph.relu(two), `${name}/conv2`, 1);
  const three = graph.add(two, third);
  const fourth = separable(graph, weights, graph.relu(three), `${name}/conv3`, 1);
  return graph.relu(graph.add(three, fourth));
}

function plain(graph: GraphBuilder, weights: Weights, x: string, name: string): string {
  return graph.convolve(x, {
    filters: asConvolutionFilters(weightOf(weights, `${name}/conv0/filters`)),
    bias: weightOf(weights, `${name}/conv0/bias`).values,
    stride: 2,
    padding: 'same',
  });
}

function separable(graph: GraphBuilder, weights: Weights, x: string, name: string, stride: number): string {
  const filters = asDepthwiseFilters(weightOf(weights, `${name}/depthwise_filter`));
  const deep = graph.convolve(x, { filters, stride, padding: 'same', groups: filters.dims[0] });
  return graph.convolve(deep, {
    filters: asConvolutionFilters(weightOf(weights, `${name}/pointwise_filter`)),
    bias: weightOf(weights, `${name}/bias`).values,
    padding: 'valid',
  });
}
