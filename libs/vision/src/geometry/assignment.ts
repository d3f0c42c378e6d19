/** Pairs rows with columns so that the sum of their costs is least (the Hungarian method with potentials,
 *  Jonker and Volgenant 1987): O(n^3), nothing for the few faces of a frame.
 *  @param costs one row per row, as many columns each; Infinity where a pair is not allowed
 *  @returns for each row its column, or -1 */
export function assign(costs: readonly (readonly number[])[]): readonly number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return costs.map(() => -1);
  const size = Math.max(rows, columns);
  const forbidden = forbiddenCost(costs);
  const costOf = (row: number, column: number): number => {
    const cost = costs[row]?.[column];
    return cost === undefined || cost === Infinity ? forbidden : cost;
  };
  const rowOf = solve(size, costOf);
  const result = costs.map(() => -1);
  for (let column = 0; column < columns; column++) {
    const row = rowOf[column] as number;
    if (row < rows && costs[row]?.[column] !== Infinity) result[row] = column;
  }
  return result;
}

/** More than any pairing of allowed pairs can cost. */
function forbiddenCost(costs: readonly (readonly number[])[]): number {
  const finite = costs.flat().filter((cost) => cost !== Infinity);
  return finite.reduce((sum, cost) => sum + Math.abs(cost), 1) * 2;
}

/** @returns for each column its row, of a square matrix */
function solve(size: number, costOf: (row: number, column: number) => number): Int32Array {
  const rowPotential = new Float64Array(size);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1).fill(-1);
  const cameFrom = new Int32Array(size + 1);
  for (let row = 0; row < size; row++) {
    const slack = new Float64Array(size + 1).fill(Infinity);
    const done = new Uint8Array(size + 1);
    let column = size;
    rowOf[size] = row;
    do {
      done[column] = 1;
      const at = rowOf[column] as number;
      let next = -1;
      for (let j = 0; j < size; j++) {
        if (done[j]) continue;
        const reduced = costOf(at, j) - (rowPotential[at] as number) - (columnPotential[j] as number);
        if (reduced < (slack[j] as number)) {
          slack[j] = reduced;
          cameFrom[j] = column;
        }
        if (next < 0 || (slack[j] as number) < (slack[next] as number)) next = j;
      }
      const delta = slack[next] as number;
      for (let j = 0; j <= size; j++) {
        if (done[j]) {
          const r = rowOf[j] as number;
          rowPotential[r] = (rowPotential[r] as number) + delta;
          columnPotential[j] = (columnPotential[j] as number) - delta;
        } else {
          slack[j] = (slack[j] as number) - delta;
        }
      }
      column = next;
    } while (rowOf[column] !== -1);
    while (column !== size) {
      const previous = cameFrom[column] as number;
      rowOf[column] = rowOf[previous] as number;
      column = previous;
    }
  }
  return rowOf;
}
