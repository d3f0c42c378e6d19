import { binTable } from './bins.js';
import type { BoostedTrees } from './boosting.js';

/** What each group of features adds to the scores: along a row's way through a tree, each split's group gets what it
 *  changes of the value that the tree expects (Saabas 2014). The sum over the groups is the score exactly.
 *  @param groupOf group of each feature, 0 to groups - 1
 *  @param shared group that gets what the trees expect before any split
 *  @returns of one output, [row][group] */
export function attributions(
  bags: readonly BoostedTrees[],
  features: Float64Array,
  { groupOf, groups, shared }: { groupOf: readonly number[]; groups: number; shared: number },
  output = 0,
): Float64Array {
  const [first] = bags;
  if (first === undefined) throw new RangeError('there are no trees');
  const { rows, bins } = binTable(features, first.bounds);
  const parts = new Float64Array(rows * groups);
  const add = (row: number, group: number, value: number): void => {
    const at = row * groups + group;
    parts[at] = (parts[at] ?? 0) + value / bags.length;
  };
  for (const { trees, outputs } of bags)
    trees.forEach(({ feature, split, left, right, value }, index) => {
      if (index % outputs !== output) return;
      for (let row = 0; row < rows; row += 1) {
        let node = 0;
        add(row, shared, value[0] ?? 0);
        for (let asked = feature[0] ?? -1; asked >= 0; asked = feature[node] ?? -1) {
          const isLeft = (bins[asked * rows + row] ?? 0) <= (split[node] ?? 0);
          const next = (isLeft ? left[node] : right[node]) ?? 0;
          add(row, groupOf[asked] ?? shared, (value[next] ?? 0) - (value[node] ?? 0));
          node = next;
        }
      }
    });
  return parts;
}
