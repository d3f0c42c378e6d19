import { z } from 'zod';
import { MOST_BINS, type BinnedTable } from './bins.js';

/** A regression tree in columns; node 0 is the root. A row goes left when its bin of the feature is at most the
 *  split, and missing values are bin 0. */
export const Tree = z.strictObject({
  /** Feature a node asks for; -1 for a leaf. */
  feature: z.array(z.int()),
  split: z.array(z.int()),
  /** Nodes below; 0 for a leaf. */
  left: z.array(z.int()),
  right: z.array(z.int()),
  /** What a leaf adds to the score. */
  value: z.array(z.number()),
});
export type Tree = z.infer<typeof Tree>;

export interface TreeOptions {
  readonly leaves: number;
  /** Fewest rows in a leaf. */
  readonly leafRows: number;
  /** Added to the curvature of a leaf: draws its value towards 0. */
  readonly ridge: number;
}

/** What a loss looks like around the present scores. */
export interface Slopes {
  /** Its slope by each row's score. */
  readonly slope: Float64Array;
  /** Its curvature, above 0. */
  readonly curvature: Float64Array;
}

interface Leaf {
  readonly node: number;
  readonly rows: Int32Array;
  /** Per feature and bin the sums of slope and curvature and the number of rows. */
  readonly histograms: Float64Array;
  /** Null when no split helps. */
  readonly best: Split | null;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
}

/** What a tree is grown from. */
interface Ground {
  readonly table: BinnedTable;
  readonly slopes: Slopes;
  /** Features that the tree may ask for. */
  readonly features: readonly number[];
  readonly options: TreeOptions;
}

/** Grows a tree by always splitting the leaf where that helps most.
 *  @param rows those to learn from, @param features those to ask for */
export function growTree(
  table: BinnedTable,
  slopes: Slopes,
  { rows, features }: { rows: Int32Array; features: readonly number[] },
  options: TreeOptions,
): Tree {
  const ground = { table, slopes, features, options };
  const tree: Tree = { feature: [], split: [], left: [], right: [], value: [] };
  const leaves = [leafOf(tree, ground, rows, histogramsOf(ground, rows))];
  while (leaves.length < options.leaves) {
    const next = leaves.reduce((most, leaf) =>
      (leaf.best?.gain ?? 0) > (most.best?.gain ?? 0) ? leaf : most,
    );
    if (next.best === null) break;
    const sides = partition(table, next.rows, next.best);
    const [left, right] = splitHistograms(ground, next.histograms, sides);
    const below = [leafOf(tree, ground, sides.left, left), leafOf(tree, ground, sides.right, right)] as const;
    tree.feature[next.node] = next.best.feature;
    tree.split[next.node] = next.best.bin;
    tree.left[next.node] = below[0].node;
    tree.right[next.node] = below[1].node;
    leaves.splice(leaves.indexOf(next), 1, ...below);
  }
  return tree;
}

function leafOf(tree: Tree, ground: Ground, rows: Int32Array, histograms: Float64Array): Leaf {
  let [slope, curvature] = [0, 0];
  for (let bin = 0; bin < MOST_BINS; bin += 1) {
    slope += histograms[3 * bin] ?? 0;
    curvature += histograms[3 * bin + 1] ?? 0;
  }
  const node = tree.value.push(-slope / (curvature + ground.options.ridge)) - 1;
  tree.feature.push(-1);
  tree.split.push(0);
  tree.left.push(0);
  tree.right.push(0);
  return { node, rows, histograms, best: bestSplit(ground, histograms, rows.length, { slope, curvature }) };
}

interface Sides {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

function partition({ bins, rows: all }: BinnedTable, rows: Int32Array, { feature, bin }: Split): Sides {
  const column = feature * all;
  const [left, right] = [new Int32Array(rows.length), new Int32Array(rows.length)];
  let [lefts, rights] = [0, 0];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    if ((bins[column + row] ?? 0) <= bin) left[lefts++] = row;
    else right[rights++] = row;
  }
  return { left: left.subarray(0, lefts), right: right.subarray(0, rights) };
}

/** The histograms of both sides; only the smaller one is counted, the other is what remains. */
function splitHistograms(
  ground: Ground,
  whole: Float64Array,
  { left, right }: Sides,
): [Float64Array, Float64Array] {
  const counted = histogramsOf(ground, left.length < right.length ? left : right);
  const rest = new Float64Array(whole.length);
  for (let at = 0; at < rest.length; at += 1) rest[at] = (whole[at] ?? 0) - (counted[at] ?? 0);
  return left.length < right.length ? [counted, rest] : [rest, counted];
}

function histogramsOf({ table, slopes, features }: Ground, rows: Int32Array): Float64Array {
  const histograms = new Float64Array(features.length * 3 * MOST_BINS);
  features.forEach((feature, place) => {
    const own = histograms.subarray(place * 3 * MOST_BINS, (place + 1) * 3 * MOST_BINS);
    fillHistogram(own, table.bins.subarray(feature * table.rows, (feature + 1) * table.rows), slopes, rows);
  });
  return histograms;
}

function fillHistogram(
  histogram: Float64Array,
  bins: Uint8Array,
  { slope, curvature }: Slopes,
  rows: Int32Array,
): void {
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? 0;
    const at = 3 * (bins[row] ?? 0);
    histogram[at] = (histogram[at] ?? 0) + (slope[row] ?? 0);
    histogram[at + 1] = (histogram[at + 1] ?? 0) + (curvature[row] ?? 0);
    histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
  }
}

interface Sums {
  readonly slope: number;
  readonly curvature: number;
}

function bestSplit(
  { features, options }: Ground,
  histograms: Float64Array,
  count: number,
  sums: Sums,
): Split | null {
  if (count < 2 * options.leafRows) return null;
  let best: Split | null = null;
  features.forEach((feature, place) => {
    const own = histograms.subarray(place * 3 * MOST_BINS, (place + 1) * 3 * MOST_BINS);
    const found = splitOf(own, count, sums, options);
    if (found.gain > (best?.gain ?? 1e-9)) best = { ...found, feature };
  });
  return best;
}

function splitOf(histogram: Float64Array, rows: number, sums: Sums, { leafRows, ridge }: TreeOptions) {
  const worth = (slope: number, curvature: number) => (slope * slope) / (curvature + ridge);
  const whole = worth(sums.slope, sums.curvature);
  let [slope, curvature, count] = [0, 0, 0];
  let [gain, bin] = [0, 0];
  for (let at = 0; at < MOST_BINS - 1; at += 1) {
    slope += histogram[3 * at] ?? 0;
    curvature += histogram[3 * at + 1] ?? 0;
    count += histogram[3 * at + 2] ?? 0;
    if (count < leafRows || rows - count < leafRows) continue;
    const own = worth(slope, curvature) + worth(sums.slope - slope, sums.curvature - curvature) - whole;
    if (own > gain) [gain, bin] = [own, at];
  }
  return { gain, bin };
}

/** The value of the leaf that a row of the table falls into. */
export function treeValue(
  { feature, split, left, right, value }: Tree,
  table: BinnedTable,
  row: number,
): number {
  let node = 0;
  for (;;) {
    const asked = feature[node] ?? -1;
    if (asked < 0) return value[node] ?? 0;
    const bin = table.bins[asked * table.rows + row] ?? 0;
    node = (bin <= (split[node] ?? 0) ? left[node] : right[node]) ?? 0;
  }
}
