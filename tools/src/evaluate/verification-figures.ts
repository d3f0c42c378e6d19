/** A pair as the recogniser sees it; the distance is null when a face was not found. */
export interface ScoredPair {
  readonly distance: number | null;
  readonly same: boolean;
  readonly fold: number;
}

/** Share of pairs judged rightly when those up to `threshold` count as one person. A pair without a distance is
 *  judged wrongly, whichever it is. */
export function accuracyAt(pairs: readonly ScoredPair[], threshold: number): number {
  const right = pairs.filter(({ distance, same }) => distance !== null && distance <= threshold === same);
  return right.length / pairs.length;
}

/** The distance at which most pairs are judged rightly; between two pairs' distances, in the middle. */
export function bestThreshold(pairs: readonly ScoredPair[]): number {
  const scored = pairs
    .flatMap(({ distance, same }) => (distance === null ? [] : [{ distance, same }]))
    .sort((one, other) => one.distance - other.distance);
  let right = scored.filter(({ same }) => !same).length;
  let best = { right, threshold: (scored[0]?.distance ?? 0) - Number.EPSILON };
  scored.forEach(({ distance, same }, index) => {
    right += same ? 1 : -1;
    const next = scored[index + 1]?.distance;
    if (right > best.right && next !== distance)
      best = { right, threshold: next === undefined ? distance : between(distance, next) };
  });
  return best.threshold;
}

/** The middle of two distances, below the larger one even where no number lies between them. */
function between(smaller: number, larger: number): number {
  const middle = (smaller + larger) / 2;
  return middle < larger ? middle : smaller;
}

/** Accuracy on each fold at the threshold that is best on the others, as mean and standard error of the mean
 *  (LFW's protocol). With one fold its own threshold is used. */
export function foldAccuracy(
  pairs: readonly ScoredPair[],
  folds: number,
): { readonly mean: number; readonly standardError: number; readonly threshold: number } {
  const accuracies = Array.from({ length: folds }, (_, fold) => {
    const others = folds === 1 ? pairs : pairs.filter((pair) => pair.fold !== fold);
    return accuracyAt(
      pairs.filter((pair) => pair.fold === fold),
      bestThreshold(others),
    );
  });
  const mean = meanOf(accuracies);
  const variance = meanOf(accuracies.map((value) => (value - mean) ** 2)) * (folds / Math.max(1, folds - 1));
  return { mean, standardError: Math.sqrt(variance / folds), threshold: bestThreshold(pairs) };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of pairs of one person that are accepted where at most `falseAcceptRate` of the pairs of two are. A
 *  person whose face was not found is not accepted. */
export function acceptRate(pairs: readonly ScoredPair[], falseAcceptRate: number): number {
  const impostors = pairs
    .flatMap(({ distance, same }) => (same ? [] : [distance ?? Infinity]))
    .sort((one, other) => one - other);
  const genuine = pairs.filter(({ same }) => same);
  const limit = impostors[Math.floor(falseAcceptRate * impostors.length)] ?? Infinity;
  return genuine.filter(({ distance }) => distance !== null && distance < limit).length / genuine.length;
}
