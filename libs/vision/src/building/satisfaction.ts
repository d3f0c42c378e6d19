import type { Head } from '../expression/head.js';
import { GraphBuilder, type Graph, type Tensor } from './graph.js';
import { MOBILENET_FEATURES, mobileNetFeatures } from './mobilenet.js';
import { PackedWeights } from './packed-weights.js';

/** FER+'s classes in the order of its columns. */
export const SATISFACTION_CLASSES = [
  'neutral',
  'happiness',
  'surprise',
  'sadness',
  'anger',
  'disgust',
  'fear',
  'contempt',
];

/** Pictures of 48 px, as FER's are, which the net looks at enlarged: more than it saw in training would only
 *  be strange to it. */
export const SATISFACTION_INPUT = { sidePx: 48, seenPx: 96, mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };

/** MobileNetV2 1.0, dense 128 with ReLU, dense 8: bytes to logits and to the 1280 features under the head. */
export function satisfactionGraph([packed]: readonly Uint8Array[]): Graph {
  const weights = PackedWeights.read(packed ?? new Uint8Array());
  const { sidePx, seenPx, mean, scale } = SATISFACTION_INPUT;
  const graph = new GraphBuilder('satisfaction', [null, sidePx, sidePx, 3]);
  const picture = graph.enlarge(graph.normalise(mean, scale), seenPx / sidePx);
  const features = mobileNetFeatures(graph, picture, (name) => weights.convolution(name));
  const hidden = graph.relu(dense(graph, features, weights, 'hidden'));
  graph.output('logits', dense(graph, hidden, weights, 'classes'), [null, SATISFACTION_CLASSES.length]);
  graph.output('features', features, [null, MOBILENET_FEATURES]);
  return graph.build();
}

/** The layers above the features, from which retraining on a shop's own crops begins. */
export function satisfactionHead([packed]: readonly Uint8Array[]): Head {
  const weights = PackedWeights.read(packed ?? new Uint8Array());
  const [hidden, outputs] = [transposed(weights, 'hidden'), transposed(weights, 'classes')];
  const [inputs = 0, width = 0] = hidden.dims;
  return {
    shape: { inputs, hidden: width, outputs: outputs.dims[1] ?? 0 },
    hiddenWeights: hidden.values,
    hiddenBias: weights.tensor('hidden/bias').values,
    outputWeights: outputs.values,
    outputBias: weights.tensor('classes/bias').values,
  };
}

function dense(graph: GraphBuilder, x: string, weights: PackedWeights, name: string): string {
  return graph.dense(x, transposed(weights, name), weights.tensor(`${name}/bias`).values);
}

/** PyTorch keeps [out, in]; a product of rows wants [in, out]. */
function transposed(weights: PackedWeights, name: string): Tensor {
  const { dims, values } = weights.tensor(`${name}/weights`);
  const [outputs = 1, inputs = 1] = dims;
  const turned = new Float32Array(values.length);
  for (let out = 0; out < outputs; out += 1) {
    for (let i = 0; i < inputs; i += 1) turned[i * outputs + out] = values[out * inputs + i] ?? 0;
  }
  return { dims: [inputs, outputs], values: turned };
}
