import { z } from 'zod';
import { randomOf, shuffled } from '@regulars/contracts/random';
import { binBounds, type BinnedTable, binTable } from './bins.js';
import type { Loss } from './losses.js';
import { growTree, type Slopes, Tree, treeValue } from './tree.js';

/** Gradient-boosted trees over binned features. */
export const BoostedTrees = z.strictObject({
  /** Per feature the upper bounds of its bins. */
  bounds: z.array(z.array(z.number())),
  outputs: z.int().positive(),
  /** Round after round, one tree per output. */
  trees: z.array(Tree),
});
export type BoostedTrees = z.infer<typeof BoostedTrees>;

export interface BoostingOptions {
  readonly rounds: number;
  /** Share of a tree's values that is added. */
  readonly learningRate: number;
  readonly leaves: number;
  readonly leafRows: number;
  readonly ridge: number;
  /** Share of the rows and of the features that a tree sees. */
  readonly rowShare: number;
  readonly featureShare: number;
  readonly seed: number;
}

/** What the trees learn. */
export interface BoostingTask {
  /** [row][column], NaN where missing. */
  readonly features: Float64Array;
  readonly columns: number;
  readonly loss: Loss;
  /** Scores to begin with, [output][row]: the trees learn what these lack. */
  readonly offsets: Float64Array;
  /** How much each row counts; all alike when absent. */
  readonly weights?: Float64Array;
}

/** Fits the trees several times with other draws of rows and features, of which the mean is to be taken. It lasts a
 *  second for 50,000 rows, so it belongs into a worker thread.
 *  @param bags fits, the seed counting up
 *  @param signal asked after every round */
export function fitBoosting(
  task: BoostingTask,
  options: BoostingOptions,
  bags = 1,
  signal?: AbortSignal,
): BoostedTrees[] {
  const { features, columns } = task;
  const bounds = Array.from({ length: columns }, (_, column) =>
    binBounds(columnOf(features, columns, column)),
  );
  const table = binTable(features, bounds);
  return Array.from({ length: bags }, (_, bag) => ({
    bounds,
    outputs: task.loss.outputs,
    trees: boost(table, task, { ...options, seed: options.seed + bag }, signal),
  }));
}

function columnOf(features: Float64Array, columns: number, column: number): Float64Array {
  const values = new Float64Array(features.length / columns);
  for (let row = 0; row < values.length; row += 1) values[row] = features[row * columns + column] ?? NaN;
  return values;
}

function boost(
  table: BinnedTable,
  { loss, offsets, weights }: BoostingTask,
  options: BoostingOptions,
  signal?: AbortSignal,
): Tree[] {
  const { rows } = table;
  const random = randomOf(options.seed);
  const scores = Float64Array.from(offsets);
  const slopes = { slope: new Float64Array(rows), curvature: new Float64Array(rows) };
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    signal?.throwIfAborted();
    const seen = {
      rows: drawn(rows, options.rowShare, random),
      features: [
        ...shuffled(table.columns, random).subarray(0, Math.ceil(table.columns * options.featureShare)),
      ],
    };
    // All outputs of a round see the same scores.
    const grown = Array.from({ length: loss.outputs }, (_, output) => {
      loss.fill(slopes, scores, output);
      if (weights !== undefined) weigh(slopes, weights);
      const tree = growTree(table, slopes, seen, options);
      return { ...tree, value: tree.value.map((value) => value * options.learningRate) };
    });
    grown.forEach((tree, output) =>
      addTree(scores.subarray(output * rows, (output + 1) * rows), tree, table),
    );
    trees.push(...grown);
  }
  return trees;
}

/** About such a share of the rows, in order. */
function drawn(rows: number, share: number, random: () => number): Int32Array {
  const kept = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row += 1) if (random() < share) kept[count++] = row;
  return kept.subarray(0, count);
}

function addTree(scores: Float64Array, tree: Tree, table: BinnedTable): void {
  for (let row = 0; row < scores.length; row += 1)
    scores[row] = (scores[row] ?? 0) + treeValue(tree, table, row);
}

function weigh({ slope, curvature }: Slopes, weights: Float64Array): void {
  weights.forEach((weight, row) => {
    slope[row] = (slope[row] ?? 0) * weight;
    curvature[row] = (curvature[row] ?? 0) * weight;
  });
}

/** What the trees of all bags add to the offsets in the mean, [output][row].
 *  @param features [row][column] */
export function boostedScores(bags: readonly BoostedTrees[], features: Float64Array): Float64Array {
  const [first] = bags;
  if (first === undefined) throw new RangeError('there are no trees');
  const table = binTable(features, first.bounds);
  const scores = new Float64Array(first.outputs * table.rows);
  for (const { trees, outputs } of bags)
    trees.forEach((tree, index) => {
      const from = (index % outputs) * table.rows;
      addTree(scores.subarray(from, from + table.rows), tree, table);
    });
  return scores.map((score) => score / bags.length);
}
