import type { GraphBuilder } from './graph.js';
import type { FoldedConvolution } from './resnet.js';

/** Values that global average pooling leaves of MobileNetV2 1.0. */
export const MOBILENET_FEATURES = 1_280;

/** MobileNetV2's convolutions, norms folded in: `stem`, `block_0_depthwise`, `block_0_project`,
 *  `block_1_expand`, …, `block_16_project`, `top`. */
export type MobileNetConvolutions = (name: string) => FoldedConvolution;

interface Stage {
  /** How many times wider a block is inside. */
  readonly expansion: number;
  readonly repeats: number;
  /** Of the stage's first block. */
  readonly stride: number;
}

/** Sandler et al. 2018, table 2. */
const STAGES: readonly Stage[] = [
  { expansion: 1, repeats: 1, stride: 1 },
  { expansion: 6, repeats: 2, stride: 2 },
  { expansion: 6, repeats: 3, stride: 2 },
  { expansion: 6, repeats: 4, stride: 2 },
  { expansion: 6, repeats: 3, stride: 1 },
  { expansion: 6, repeats: 3, stride: 2 },
  { expansion: 6, repeats: 1, stride: 1 },
];

/** One convolution of a block. */
export interface BlockConvolution {
  readonly name: string;
  readonly stride: number;
  readonly depthwise: boolean;
}

interface Block {
  readonly expand: BlockConvolution | null;
  readonly depthwise: BlockConvolution;
  readonly project: BlockConvolution;
  /** The block's input is added to its output. */
  readonly shortcut: boolean;
}

const BLOCKS: readonly Block[] = STAGES.flatMap(({ expansion, repeats, stride }) =>
  Array.from({ length: repeats }, (_, repeat) => ({ expansion, stride: repeat === 0 ? stride : 1, repeat })),
).map(({ expansion, stride, repeat }, index) => ({
  expand: expansion === 1 ? null : { name: `block_${index}_expand`, stride: 1, depthwise: false },
  depthwise: { name: `block_${index}_depthwise`, stride, depthwise: true },
  project: { name: `block_${index}_project`, stride: 1, depthwise: false },
  shortcut: repeat > 0,
}));

/** Adds MobileNetV2 1.0 with global average pooling to a graph.
 *  @param picture values -1..1, NCHW
 *  @returns [batch, MOBILENET_FEATURES] */
export function mobileNetFeatures(
  graph: GraphBuilder,
  picture: string,
  convolutions: MobileNetConvolutions,
): string {
  const zero = graph.constant({ dims: [], values: Float32Array.of(0) });
  const six = graph.constant({ dims: [], values: Float32Array.of(6) });
  const bounded = (x: string): string => graph.apply('Clip', [x, zero, six]);
  const convolve = (x: string, { name, stride, depthwise }: BlockConvolution): string => {
    const folded = convolutions(name);
    const groups = depthwise ? folded.filters.dims[0] : 1;
    return graph.convolve(x, { ...folded, stride, padding: 'same', groups });
  };
  let x = bounded(convolve(picture, { name: 'stem', stride: 2, depthwise: false }));
  for (const { expand, depthwise, project, shortcut } of BLOCKS) {
    const wide = expand === null ? x : bounded(convolve(x, expand));
    const narrow = convolve(bounded(convolve(wide, depthwise)), project);
    x = shortcut ? graph.add(x, narrow) : narrow;
  }
  return graph.globalMean(bounded(convolve(x, { name: 'top', stride: 1, depthwise: false })));
}
