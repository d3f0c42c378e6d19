import { GraphBuilder, type Graph } from './graph.js';
import { convertGraphModel, readGraphModel } from './graph-model.js';

export const EMOTION_SIDE_PX = 64;

/** In the order of the net's output. */
export const EMOTION_CLASSES = ['angry', 'disgusted', 'afraid', 'happy', 'sad', 'surprised', 'neutral'];

/** Weights of red, green and blue in the grey picture that the net looks at. */
const GREY = [0.2989, 0.587, 0.114];

/** A small Xception on a grey picture with values -1..1; grey is made inside the graph. */
export function emotionGraph([description, binary]: readonly Uint8Array[]): Graph {
  const graph = new GraphBuilder('emotion', [null, EMOTION_SIDE_PX, EMOTION_SIDE_PX, 3]);
  const model = readGraphModel(description ?? new Uint8Array(), binary ?? new Uint8Array());
  const grey = graph.convolve(graph.picture(), {
    filters: { dims: [1, 3, 1, 1], values: Float32Array.from(GREY, (weight) => (weight * 2) / 255) },
    bias: Float32Array.of(-1),
    padding: 'valid',
  });
  const output = convertGraphModel(model, graph, grey);
  graph.output('probabilities', output('Identity'), [null, EMOTION_CLASSES.length]);
  return graph.build();
}
