import { CHIP_SHAPES, dlibChipOfArcface } from '../geometry/chips.js';
import { scaleOf } from '../geometry/similarity.js';
import { GraphBuilder, type Graph, type Tensor } from './graph.js';
import { RESNET_DIMENSIONS, RESNET_INPUT, resnetMeans, type ResnetWeights } from './resnet.js';

/** Components of its embeddings: not dlib's 128, so that nothing takes the one for the other. */
export const ARCFACE_SHAPED_DIMENSIONS = 192;

/** dlib's net in the shape of ArcFace's kind, to try a second recogniser with: it takes chips of 112 px by ArcFace's
 *  five points, cuts what dlib's chip shows out of them (the chin's end, which they lack, is black) and spreads the
 *  128 numbers over 192 by a matrix of orthonormal rows, so that cosines stay. No better than dlib's own. */
export function arcfaceShapedGraph(name: string, weights: ResnetWeights): Graph {
  const { sidePx } = CHIP_SHAPES['arcface-112'];
  const graph = new GraphBuilder(name, [null, sidePx, sidePx, 3]);
  const toDlib = dlibChipOfArcface();
  const factor = scaleOf(toDlib);
  const large = graph.enlarge(graph.normalise(RESNET_INPUT.mean, weights.scale), factor);
  const largePx = Math.floor(sidePx * factor);
  const cut = ({ from, to }: { from: number; to: number }, axis: number, x: string) =>
    graph.apply('Slice', [x, graph.integers([from]), graph.integers([to]), graph.integers([axis])]);
  const [down, across] = [toDlib.ty, toDlib.tx].map((shift) => {
    const from = Math.max(0, Math.round(-shift));
    return { from, to: Math.min(largePx, from + RESNET_INPUT.sidePx) };
  }) as [{ from: number; to: number }, { from: number; to: number }];
  const seen = cut(across, 3, cut(down, 2, large));
  const chip = graph.padEnd(seen, {
    rows: RESNET_INPUT.sidePx - (down.to - down.from),
    columns: RESNET_INPUT.sidePx - (across.to - across.from),
  });
  const embedding = graph.dense(resnetMeans(graph, chip, weights), weights.embedding);
  const spread = graph.dense(embedding, orthonormalRows(RESNET_DIMENSIONS, ARCFACE_SHAPED_DIMENSIONS));
  graph.output('embedding', spread, [null, ARCFACE_SHAPED_DIMENSIONS]);
  return graph.build();
}

/** Rows of a discrete cosine transform: orthonormal, and the same every time. */
function orthonormalRows(rows: number, columns: number): Tensor {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const scale = Math.sqrt((row === 0 ? 1 : 2) / columns);
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = scale * Math.cos((Math.PI / columns) * (column + 0.5) * row);
  }
  return { dims: [rows, columns], values };
}
