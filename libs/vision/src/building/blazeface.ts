import { GraphBuilder, type Graph } from './graph.js';
import { convertGraphModel, readGraphModel } from './graph-model.js';

/** Tiles of 256 px, values -1..1. */
export const BLAZEFACE_INPUT = { sidePx: 256, mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };

/** MediaPipe's BlazeFace for the back camera: 512 anchors on a grid of 16 and 384 on one of 8. The two grids'
 *  heads are joined and the scores put through the sigmoid, so that one read gives each. */
export function blazefaceGraph([description, binary]: readonly Uint8Array[]): Graph {
  const { sidePx, mean, scale } = BLAZEFACE_INPUT;
  const graph = new GraphBuilder('blazeface-back', [null, sidePx, sidePx, 3]);
  const model = readGraphModel(description ?? new Uint8Array(), binary ?? new Uint8Array());
  const output = convertGraphModel(model, graph, graph.normalise(mean, scale));
  const logits = graph.concat([output('Identity'), output('Identity_1')], 1);
  const boxes = graph.concat([output('Identity_2'), output('Identity_3')], 1);
  graph.output('scores', graph.apply('Sigmoid', [logits]), [null, 896, 1]);
  graph.output('boxes', boxes, [null, 896, 16]);
  return graph.build();
}
