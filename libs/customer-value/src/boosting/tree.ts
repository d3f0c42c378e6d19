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
  readonly slope: number;
  readonly curvature: number;
  /** Null when no split helps. */
  readonly best: Split | null;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
}

/** Grows a tree by always splitting the leaf where that helps most.
 *  @param rows those to learn from, @param features those to ask for */
export function growTree(
  table: BinnedTable,
  slopes: Slopes,
  { rows, features }: { rows: Int32Array; features: readonly number[] },
  options: TreeOptions,
): Tree {
  const tree: Tree = { feature: [], split: [], left: [], right: [], value: [] };
  const leafOf = (own: Int32Array): Leaf => {
    const [slope, curvature] = [sumAt(slopes.slope, own), sumAt(slopes.curvature, own)];
    const node = addNode(tree, -slope / (curvature + options.ridge));
    const sums = { slope, curvature };
    return {
      node,
      rows: own,
      ...sums,
      best: bestSplit(table, slopes, { rows: own, features, sums }, options),
    };
  };
  const leaves = [leafOf(rows)];
  while (leaves.length < options.leaves) {
    const next = leaves.reduce((most, leaf) =>
      (leaf.best?.gain ?? 0) > (most.best?.gain ?? 0) ? leaf : most,
    );
    if (next.best === null) break;
    const { feature, bin } = next.best;
    const column = feature * table.rows;
    const isLeft = (row: number) => (table.bins[column + row] ?? 0) <= bin;
    const left = leafOf(next.rows.filter(isLeft));
    const right = leafOf(next.rows.filter((row) => !isLeft(row)));
    tree.feature[next.node] = feature;
    tree.split[next.node] = bin;
    tree.left[next.node] = left.node;
    tree.right[next.node] = right.node;
    leaves.splice(leaves.indexOf(next), 1, left, right);
  }
  return tree;
}

function addNode(tree: Tree, value: number): number {
  tree.feature.push(-1);
  tree.split.push(0);
  tree.left.push(0);
  tree.right.push(0);
  return tree.value.push(value) - 1;
}

function sumAt(values: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += values[row] ?? 0;
  return sum;
}

interface Node {
  readonly rows: Int32Array;
  readonly features: readonly number[];
  readonly sums: { readonly slope: number; readonly curvature: number };
}

function bestSplit(table: BinnedTable, slopes: Slopes, node: Node, options: TreeOptions): Split | null {
  if (node.rows.length < 2 * options.leafRows) return null;
  let best: Split | null = null;
  const histogram = new Float64Array(3 * MOST_BINS);
  for (const feature of node.features) {
    fillHistogram(histogram, table, slopes, node.rows, feature);
    const split = splitOf(histogram, node, feature, options);
    if (split !== null && split.gain > (best?.gain ?? 1e-9)) best = split;
  }
  return best;
}

/** Per bin the sums of slope and curvature and the number of rows. */
function fillHistogram(
  histogram: Float64Array,
  table: BinnedTable,
  { slope, curvature }: Slopes,
  rows: Int32Array,
  feature: number,
): void {
  histogram.fill(0);
  const column = feature * table.rows;
  for (const row of rows) {
    const at = 3 * (table.bins[column + row] ?? 0);
    histogram[at] = (histogram[at] ?? 0) + (slope[row] ?? 0);
    histogram[at + 1] = (histogram[at + 1] ?? 0) + (curvature[row] ?? 0);
    histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
  }
}

function splitOf(
  histogram: Float64Array,
  { rows, sums }: Node,
  feature: number,
  { leafRows, ridge }: TreeOptions,
): Split | null {
  const worth = (slope: number, curvature: number) => (slope * slope) / (curvature + ridge);
  const whole = worth(sums.slope, sums.curvature);
  let [slope, curvature, count] = [0, 0, 0];
  let best: Split | null = null;
  for (let bin = 0; bin < MOST_BINS - 1; bin += 1) {
    slope += histogram[3 * bin] ?? 0;
    curvature += histogram[3 * bin + 1] ?? 0;
    count += histogram[3 * bin + 2] ?? 0;
    if (count < leafRows || rows.length - count < leafRows) continue;
    const gain = worth(slope, curvature) + worth(sums.slope - slope, sums.curvature - curvature) - whole;
    if (gain > (best?.gain ?? 0)) best = { gain, feature, bin };
  }
  return best;
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
