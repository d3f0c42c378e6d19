import type { Head } from '../expression/head.js';
import { GraphBuilder, type Graph, type Tensor } from './graph.js';
import { MOBILENET_FEATURES, mobileNetFeatures } from './mobilenet.js';
import { PackedWeights } from './packed-weights.js';
import { resnetMeans } from './resnet.js';

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
export const SATISFACTION_INPUT = { sidePx: 48, seenPx: 80, mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };

/** The second net: dlib's recognition net without its last block, taught expressions on grey pictures of 104 px. */
const FACE_NET = { seenPx: 104, luma: [0.299, 0.587, 0.114], convolutions: 27, features: 256 } as const;

/** MobileNetV2 1.0 and a net that knows faces, side by side: bytes to the features of both, 1280 and 256, and by one
 *  head above them to logits, which are the mean of both nets' own. */
export function satisfactionGraph([packed, packedFace]: readonly Uint8Array[]): Graph {
  const weights = PackedWeights.read(packed ?? new Uint8Array());
  const face = PackedWeights.read(packedFace ?? new Uint8Array());
  const { sidePx, seenPx, mean, scale } = SATISFACTION_INPUT;
  const graph = new GraphBuilder('satisfaction', [null, sidePx, sidePx, 3]);
  const picture = graph.enlarge(graph.normalise(mean, scale), seenPx / sidePx);
  const own = mobileNetFeatures(graph, picture, (name) => weights.convolution(name));
  const grey = graph.enlarge(graph.grey(FACE_NET.luma), FACE_NET.seenPx / sidePx);
  const convolutions = Array.from({ length: FACE_NET.convolutions }, (_, index) =>
    face.convolution(`convolution_${index}`),
  );
  const features = graph.concat([own, resnetMeans(graph, grey, { convolutions }, FACE_NET.seenPx)], 1);
  const hidden = graph.relu(dense(graph, features, weights, 'hidden'));
  graph.output('logits', dense(graph, hidden, weights, 'classes'), [null, SATISFACTION_CLASSES.length]);
  graph.output('features', features, [null, MOBILENET_FEATURES + FACE_NET.features]);
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
