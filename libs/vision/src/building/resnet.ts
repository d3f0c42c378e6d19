import { GraphBuilder, type Graph, type Tensor } from './graph.js';

/** A convolution followed by a scale and a shift per channel, folded into one. */
export interface FoldedConvolution {
  readonly filters: Tensor;
  readonly bias: Float32Array;
}

/** Weights of dlib's face recognition net. */
export interface ResnetWeights {
  /** In the order in which a picture meets them, two for each residual block after the first. */
  readonly convolutions: readonly FoldedConvolution[];
  /** [256, 128] */
  readonly embedding: Tensor;
  /** What a value is multiplied by once the mean is taken off. */
  readonly scale: number;
}

/** Chips of 150 px; the mean per channel is dlib's. */
export const RESNET_INPUT = { sidePx: 150, mean: [122.782, 117.001, 104.298] };
export const RESNET_DIMENSIONS = 128;

/** The blocks after the first convolution: their channels, and whether they halve the picture. */
const BLOCKS: readonly { channels: number; halved: boolean }[] = [
  ...[32, 32, 32].map((channels) => ({ channels, halved: false })),
  { channels: 64, halved: true },
  ...[64, 64, 64].map((channels) => ({ channels, halved: false })),
  { channels: 128, halved: true },
  ...[128, 128].map((channels) => ({ channels, halved: false })),
  { channels: 256, halved: true },
  ...[256, 256].map((channels) => ({ channels, halved: false })),
  { channels: 256, halved: true },
];

/** Folds y * scale + shift into a convolution. */
export function foldScale(
  filters: Tensor,
  bias: Float32Array,
  { scale, shift }: { scale: Float32Array; shift: Float32Array },
): FoldedConvolution {
  const perChannel = filters.values.length / bias.length;
  return {
    filters: {
      dims: filters.dims,
      values: filters.values.map((value, index) => value * (scale[Math.floor(index / perChannel)] ?? 0)),
    },
    bias: bias.map((value, channel) => value * (scale[channel] ?? 0) + (shift[channel] ?? 0)),
  };
}

/** dlib's residual net of 29 convolutions: a chip to 128 numbers, not yet of unit length. */
export function resnetGraph(name: string, weights: ResnetWeights): Graph {
  const { sidePx, mean } = RESNET_INPUT;
  const graph = new GraphBuilder(name, [null, sidePx, sidePx, 3]);
  const means = resnetMeans(graph, graph.normalise(mean, weights.scale), weights);
  graph.output('embedding', graph.dense(means, weights.embedding), [null, RESNET_DIMENSIONS]);
  return graph.build();
}

/** The net without its last layer: a normalised picture to the means of its last channels. With fewer convolutions
 *  than dlib's the last blocks are left out.
 *  @param sidePx of the picture */
export function resnetMeans(
  graph: GraphBuilder,
  chip: string,
  weights: Pick<ResnetWeights, 'convolutions'>,
  sidePx = RESNET_INPUT.sidePx,
): string {
  const next = weights.convolutions[Symbol.iterator]();
  const convolve = (x: string, stride: number): string => {
    const folded = next.next().value;
    if (folded === undefined) throw new RangeError('the net has fewer convolutions than known');
    return graph.convolve(x, { ...folded, stride, padding: stride === 2 ? 'valid' : 'same' });
  };
  let x = graph.relu(convolve(chip, 2));
  x = graph.maxPool(x, 3, 2, 'valid');
  const halved = Math.floor((sidePx - 7) / 2) + 1;
  let picture = { channels: 32, sidePx: Math.floor((halved - 3) / 2) + 1 };
  for (const block of BLOCKS.slice(0, (weights.convolutions.length - 1) / 2)) {
    const inside = graph.relu(convolve(x, block.halved ? 2 : 1));
    const main = convolve(inside, 1);
    x = graph.relu(
      block.halved ? addHalved(graph, { main, x }, picture, block.channels) : graph.add(main, x),
    );
    if (block.halved) picture = { channels: block.channels, sidePx: Math.floor(picture.sidePx / 2) };
  }
  return graph.globalMean(x);
}

/** The shortcut of a halving block is the average of each 2x2, its new channels zero. A 3x3 convolution without
 *  padding gives a row and a column less than that average where the side is even: they are zero too. */
function addHalved(
  graph: GraphBuilder,
  { main, x }: { main: string; x: string },
  picture: { channels: number; sidePx: number },
  channels: number,
): string {
  const pooled = graph.averagePool(x, 2, 2);
  const added = channels - picture.channels;
  const shortcut = added > 0 ? graph.padEnd(pooled, { channels: added }) : pooled;
  const missing = Math.floor(picture.sidePx / 2) - Math.floor((picture.sidePx - 1) / 2);
  return graph.add(missing > 0 ? graph.padEnd(main, { rows: missing, columns: missing }) : main, shortcut);
}
