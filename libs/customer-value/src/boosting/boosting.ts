import { z } from 'zod';
import { randomOf, shuffled } from '../random.js';
import { binBounds, binTable } from './bins.js';
import type { Loss } from './losses.js';
import { growTree, Tree, treeValue } from './tree.js';

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

/** Fits the trees; it lasts a second for 50,000 rows, so it belongs into a worker thread.
 *  @param features [row][column], NaN where missing
 *  @param offsets scores to begin with, [output][row]: the trees learn what these lack
 *  @param signal asked after every round */
export function fitBoosting(
  features: Float64Array,
  columns: number,
  { loss, offsets }: { loss: Loss; offsets: Float64Array },
  options: BoostingOptions,
  signal?: AbortSignal,
): BoostedTrees {
  const rows = features.length / columns;
  const bounds = Array.from({ length: columns }, (_, column) =>
    binBounds(Float64Array.from({ length: rows }, (__, row) => features[row * columns + column] ?? NaN)),
  );
  const table = binTable(features, bounds);
  const random = randomOf(options.seed);
  const scores = Float64Array.from(offsets);
  const slopes = { slope: new Float64Array(rows), curvature: new Float64Array(rows) };
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    signal?.throwIfAborted();
    const seen = {
      rows: shuffled(rows, random)
        .subarray(0, Math.ceil(rows * options.rowShare))
        .sort(),
      features: [...shuffled(columns, random).subarray(0, Math.ceil(columns * options.featureShare))].sort(
        (a, b) => a - b,
      ),
    };
    // All outputs of a round see the same scores.
    const grown = Array.from({ length: loss.outputs }, (_, output) => {
      loss.fill(slopes, scores, output);
      const tree = growTree(table, slopes, seen, options);
      return { ...tree, value: tree.value.map((value) => value * options.learningRate) };
    });
    grown.forEach((tree, output) => {
      for (let row = 0; row < rows; row += 1)
        scores[output * rows + row] = (scores[output * rows + row] ?? 0) + treeValue(tree, table, row);
    });
    trees.push(...grown);
  }
  return { bounds, outputs: loss.outputs, trees };
}

/** What the trees add to the offsets, [output][row].
 *  @param features [row][column] */
export function boostedScores(
  { bounds, outputs, trees }: BoostedTrees,
  features: Float64Array,
): Float64Array {
  const table = binTable(features, bounds);
  const scores = new Float64Array(outputs * table.rows);
  trees.forEach((tree, index) => {
    const output = index % outputs;
    for (let row = 0; row < table.rows; row += 1)
      scores[output * table.rows + row] =
        (scores[output * table.rows + row] ?? 0) + treeValue(tree, table, row);
  });
  return scores;
}
