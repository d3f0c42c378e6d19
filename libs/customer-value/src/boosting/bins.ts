/** Bins of a feature: 0 is for missing values (NaN), the others hold the values up to a bound. */
export const MOST_BINS = 64;

/** Upper bounds of bins with about equally many of the values each, a value being in one bin only; the last bin has
 *  none.
 *  @param values NaN where missing */
export function binBounds(values: ArrayLike<number>): number[] {
  const known = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const bounds: number[] = [];
  let held = 0;
  for (let at = 1; at < known.length; at += 1) {
    held += 1;
    const [below = NaN, value = NaN] = [known[at - 1], known[at]];
    const wanted = (known.length - at + held) / (MOST_BINS - 1 - bounds.length);
    if (below === value || held < Math.min(wanted, known.length / (MOST_BINS - 1))) continue;
    bounds.push((below + value) / 2);
    held = 0;
    if (bounds.length === MOST_BINS - 2) break;
  }
  return bounds;
}

/** 1 + the number of bounds that the value is above; 0 when it is missing. */
export function binOf(value: number, bounds: readonly number[]): number {
  if (Number.isNaN(value)) return 0;
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (bounds[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** A table of features as bins, column after column. */
export interface BinnedTable {
  readonly rows: number;
  readonly columns: number;
  /** [column][row] */
  readonly bins: Uint8Array;
}

/** @param features [row][column] */
export function binTable(features: Float64Array, bounds: readonly (readonly number[])[]): BinnedTable {
  const columns = bounds.length;
  const rows = columns === 0 ? 0 : features.length / columns;
  const bins = new Uint8Array(features.length);
  bounds.forEach((own, column) => {
    for (let row = 0; row < rows; row += 1)
      bins[column * rows + row] = binOf(features[row * columns + column] ?? NaN, own);
  });
  return { rows, columns, bins };
}
