import type { RegressionTrees } from '../models/regression-trees.js';
import { DlibReader } from './dlib-reader.js';

/** No list in such a file is longer. */
const MOST = 1 << 20;

/** Reads dlib's `shape_predictor` (its serialisation, version 1): the mean face, the trees of each cascade, and the
 *  pixels that each cascade looks at, as anchors and offsets.
 *  @throws RangeError when the bytes are not such a file, or its trees are not all of one depth */
export function readShapePredictor(bytes: Uint8Array): RegressionTrees {
  const reader = new DlibReader(bytes);
  const version = reader.integer();
  if (version !== 1) throw new RangeError(`a shape predictor of version ${version}`);
  const meanShape = reader.column(MOST);
  const forests = reader.list(MOST, () => reader.list(MOST, () => readTree(reader)));
  const anchors = reader.list(MOST, () => reader.list(MOST, () => reader.integer()));
  const offsets = reader.list(MOST, () => reader.list(MOST, () => [reader.real(), reader.real()]));
  reader.end();
  const trees = forests.flat();
  const [first] = trees;
  const sizes = {
    points: meanShape.length / 2,
    cascades: forests.length,
    treesPerCascade: forests[0]?.length ?? 0,
    splits: first?.splits.length ?? 0,
    pixels: anchors[0]?.length ?? 0,
  };
  const isRegular =
    forests.every((forest) => forest.length === sizes.treesPerCascade) &&
    trees.every(
      ({ splits, leaves }) => splits.length === sizes.splits && leaves.length === sizes.splits + 1,
    ) &&
    trees.every(({ leaves }) => leaves.every((leaf) => leaf.length === meanShape.length)) &&
    [anchors, offsets].every((lists) => lists.length === sizes.cascades) &&
    [...anchors, ...offsets].every((list) => list.length === sizes.pixels);
  if (!isRegular) throw new RangeError('the trees are not all of one size');
  const splits = trees.flatMap((tree) => tree.splits);
  return {
    ...sizes,
    meanShape,
    anchors: Uint16Array.from(anchors.flat()),
    offsets: Float32Array.from(offsets.flat(2)),
    pairs: Uint16Array.from(splits.flatMap(({ pair }) => pair)),
    thresholds: Float32Array.from(splits, ({ threshold }) => threshold),
    leaves: joined(trees.flatMap(({ leaves }) => leaves)),
  };
}

function readTree(reader: DlibReader) {
  const splits = reader.list(MOST, () => ({
    pair: [reader.integer(), reader.integer()],
    threshold: reader.real(),
  }));
  return { splits, leaves: reader.list(MOST, () => reader.column(MOST)) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
