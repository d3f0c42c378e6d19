/** A cascade of regression trees that finds points of a face (Kazemi and Sullivan, One millisecond face alignment
 *  with an ensemble of regression trees, CVPR 2014), as flat arrays. Every tree has the same depth. */
export interface RegressionTrees {
  /** Points of a face. */
  readonly points: number;
  readonly cascades: number;
  readonly treesPerCascade: number;
  /** Splits of one tree: a power of two less one; it has one leaf more. */
  readonly splits: number;
  /** Pixels looked at in each cascade. */
  readonly pixels: number;
  /** Mean face: x, y of each point in a face's square of side 1. */
  readonly meanShape: Float32Array;
  /** For each pixel of each cascade the point beside which it lies. */
  readonly anchors: Uint16Array;
  /** For each pixel of each cascade x, y from its anchor, in the mean face. */
  readonly offsets: Float32Array;
  /** For each split of each tree the two pixels that are compared. */
  readonly pairs: Uint16Array;
  /** For each split: to the left when the first pixel is brighter than the second by more than this. */
  readonly thresholds: Float32Array;
  /** For each leaf of each tree what it adds to x, y of each point. */
  readonly leaves: Float32Array;
}

/** The arrays in the order in which a file holds them, with their lengths. */
function layoutOf(sizes: readonly number[]) {
  const [points = 0, cascades = 0, trees = 0, splits = 0, pixels = 0] = sizes;
  return [
    { name: 'meanShape', type: Float32Array, length: 2 * points },
    { name: 'offsets', type: Float32Array, length: 2 * cascades * pixels },
    { name: 'thresholds', type: Float32Array, length: cascades * trees * splits },
    { name: 'leaves', type: Float32Array, length: cascades * trees * (splits + 1) * 2 * points },
    { name: 'anchors', type: Uint16Array, length: cascades * pixels },
    { name: 'pairs', type: Uint16Array, length: 2 * cascades * trees * splits },
  ] as const;
}

/** Opens every file of trees; the digit is its version. */
const MAGIC = 'REGTREE1';
const SIZES = 5;
const HEADER_BYTES = MAGIC.length + SIZES * 4;

/** The trees as the bytes of a file: the magic, five sizes, then the arrays, little-endian. */
export function encodeTrees(trees: RegressionTrees): Uint8Array {
  const sizes = [trees.points, trees.cascades, trees.treesPerCascade, trees.splits, trees.pixels];
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  sizes.forEach((size, index) => header.writeUInt32LE(size, MAGIC.length + 4 * index));
  const arrays = layoutOf(sizes).map(({ name }) => {
    const { buffer, byteOffset, byteLength } = trees[name];
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  return Buffer.concat([header, ...arrays]);
}

/** @throws RangeError when the bytes are no such file, or cut short */
export function decodeTrees(bytes: Uint8Array): RegressionTrees {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEADER_BYTES, bytes.byteLength));
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new RangeError('no file of regression trees');
  }
  const sizes = Array.from({ length: SIZES }, (_, index) => header.readUInt32LE(MAGIC.length + 4 * index));
  const layout = layoutOf(sizes);
  const needed = layout.reduce(
    (sum, { type, length }) => sum + type.BYTES_PER_ELEMENT * length,
    HEADER_BYTES,
  );
  if (bytes.byteLength !== needed) throw new RangeError(`${bytes.byteLength} bytes instead of ${needed}`);
  let offset = HEADER_BYTES;
  const take = <T extends Float32Array | Uint16Array>(
    type: {
      readonly BYTES_PER_ELEMENT: number;
      new (buffer: ArrayBuffer): T;
    },
    length: number,
  ): T => {
    const part = Uint8Array.from(bytes.subarray(offset, (offset += type.BYTES_PER_ELEMENT * length)));
    return new type(part.buffer);
  };
  const floats = layout.slice(0, 4).map(({ length }) => take(Float32Array, length));
  const whole = layout.slice(4).map(({ length }) => take(Uint16Array, length));
  const [points = 0, cascades = 0, treesPerCascade = 0, splits = 0, pixels = 0] = sizes;
  const [meanShape, offsets, thresholds, leaves] = floats as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [anchors, pairs] = whole as [Uint16Array, Uint16Array];
  return {
    points,
    cascades,
    treesPerCascade,
    splits,
    pixels,
    meanShape,
    offsets,
    thresholds,
    leaves,
    anchors,
    pairs,
  };
}
