/** Metrics of weighted rows; a weight is how often a row was drawn in a bootstrap, 1 otherwise. Orders are computed
 *  once and shared by all draws. */
export type Weights = ArrayLike<number>;

/** Indices of the values, lowest first. */
export function ascending(values: Float64Array): Int32Array {
  return Int32Array.from(values, (_, index) => index).sort(
    (one, other) => (values[one] ?? 0) - (values[other] ?? 0),
  );
}

/** Area under the ROC curve: the chance that a row of target 1 has a higher score than one of target 0, ties half.
 *  @param order of the scores, ascending
 *  @returns NaN when one of the targets is missing */
export function auc(
  scores: Float64Array,
  targets: ArrayLike<number>,
  order: Int32Array,
  weights: Weights,
): number {
  let [positives, negatives, pairs] = [0, 0, 0];
  for (let first = 0; first < order.length;) {
    const score = scores[order[first] ?? 0];
    let [tiedPositives, tiedNegatives] = [0, 0];
    let end = first;
    for (; end < order.length && scores[order[end] ?? 0] === score; end += 1) {
      const row = order[end] ?? 0;
      if ((targets[row] ?? 0) > 0) tiedPositives += weights[row] ?? 0;
      else tiedNegatives += weights[row] ?? 0;
    }
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    first = end;
  }
  return pairs / (positives * negatives);
}

/** Mean of a figure of each row. */
export function meanOf(figure: (row: number) => number, weights: Weights): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row] ?? 0;
    if (weight === 0) continue;
    sum += weight * figure(row);
    count += weight;
  }
  return sum / count;
}

/** Probabilities are kept this far from 0 and 1, so that one sure error does not decide a log-loss. */
const LEAST = 1e-6;

export function logLoss(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: Weights,
): number {
  return meanOf((row) => {
    const p = Math.min(1 - LEAST, Math.max(LEAST, probabilities[row] ?? 0));
    return -Math.log((targets[row] ?? 0) > 0 ? p : 1 - p);
  }, weights);
}

export interface SpendErrors {
  /** Mean absolute and root of the mean squared error, in the amounts' unit. */
  readonly mae: number;
  readonly rmse: number;
}

/** @param factor what the forecasts are multiplied with first */
export function spendErrors(
  forecasts: Float64Array,
  actual: Float64Array,
  factor: number,
  weights: Weights,
): SpendErrors {
  const error = (row: number) => (forecasts[row] ?? 0) * factor - (actual[row] ?? 0);
  return {
    mae: meanOf((row) => Math.abs(error(row)), weights),
    rmse: Math.sqrt(meanOf((row) => error(row) ** 2, weights)),
  };
}

/** What the forecasts have to be multiplied with to have the sum that came. A lower sum makes for a lower absolute
 *  error where most spend nothing, so forecasts are compared at equal sums. */
export function factorToTotal(forecasts: Float64Array, actual: Float64Array, weights: Weights): number {
  const sum = (values: Float64Array) => meanOf((row) => values[row] ?? 0, weights);
  return sum(actual) / sum(forecasts);
}

/** Spend of the tenth of the customers that was forecast to spend most, over that of the tenth that did.
 *  @param orders of forecasts and actual amounts, ascending */
export function captureTop10(
  actual: Float64Array,
  orders: { readonly forecasts: Int32Array; readonly actual: Int32Array },
  weights: Weights,
): number {
  let count = 0;
  for (let row = 0; row < weights.length; row += 1) count += weights[row] ?? 0;
  const taken = Math.ceil(count / 10);
  const spentBy = (order: Int32Array): number => {
    let [left, sum] = [taken, 0];
    for (let at = order.length - 1; at >= 0 && left > 0; at -= 1) {
      const row = order[at] ?? 0;
      const weight = Math.min(left, weights[row] ?? 0);
      sum += weight * (actual[row] ?? 0);
      left -= weight;
    }
    return sum;
  };
  return spentBy(orders.forecasts) / spentBy(orders.actual);
}

/** Mean over the classes that occur of the harmonic mean of precision and recall. */
export function macroF1(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
  weights: Weights,
): number {
  const counts = Array.from({ length: classes }, () => ({ right: 0, predicted: 0, actual: 0 }));
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row] ?? 0;
    const [own, came] = [counts[predicted[row] ?? 0], counts[actual[row] ?? 0]];
    if (own === undefined || came === undefined) continue;
    own.predicted += weight;
    came.actual += weight;
    if (own === came) own.right += weight;
  }
  const scores = counts
    .filter((count) => count.predicted + count.actual > 0)
    .map((count) => (2 * count.right) / (count.predicted + count.actual));
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
