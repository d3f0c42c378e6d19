import type { Slopes } from './tree.js';

/** A loss of scores, one or several per row.
 *  Scores are [output][row]; each call fills the slopes of one output. */
export interface Loss {
  readonly outputs: number;
  fill(slopes: Slopes, scores: Float64Array, output: number): void;
}

/** Curvatures below this would make leaves jump. */
const LEAST_CURVATURE = 1e-4;

/** Log-loss of the score as a logit.
 *  @param targets 0 or 1 */
export function logisticLoss(targets: ArrayLike<number>): Loss {
  return {
    outputs: 1,
    fill: ({ slope, curvature }, scores) => {
      for (let row = 0; row < targets.length; row += 1) {
        const p = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
        slope[row] = p - (targets[row] ?? 0);
        curvature[row] = Math.max(LEAST_CURVATURE, p * (1 - p));
      }
    },
  };
}

/** Tweedie deviance (1 < power < 2) of the score as the logarithm of an expected amount: between counts and amounts,
 *  with a mass at zero.
 *  @param targets not negative, about 1 in the middle */
export function tweedieLoss(targets: ArrayLike<number>, power: number): Loss {
  return {
    outputs: 1,
    fill: ({ slope, curvature }, scores) => {
      for (let row = 0; row < targets.length; row += 1) {
        const [score, target] = [scores[row] ?? 0, targets[row] ?? 0];
        const [pull, push] = [target * Math.exp((1 - power) * score), Math.exp((2 - power) * score)];
        slope[row] = push - pull;
        curvature[row] = Math.max(LEAST_CURVATURE, (2 - power) * push + (power - 1) * pull);
      }
    },
  };
}

/** Log-loss of classes, the scores being logits before softmax.
 *  @param targets class of each row; -1 for rows that do not count */
export function softmaxLoss(targets: ArrayLike<number>, classes: number): Loss {
  const count = targets.length;
  return {
    outputs: classes,
    fill: ({ slope, curvature }, scores, output) => {
      for (let row = 0; row < count; row += 1) {
        let sum = 0;
        for (let other = 0; other < classes; other += 1)
          sum += Math.exp((scores[other * count + row] ?? 0) - (scores[output * count + row] ?? 0));
        const p = 1 / sum;
        const counts = (targets[row] ?? -1) >= 0 ? 1 : 0;
        slope[row] = counts * (p - (targets[row] === output ? 1 : 0));
        // Friedman's factor for outputs that share their sum.
        curvature[row] = counts * Math.max(LEAST_CURVATURE, (p * (1 - p) * classes) / (classes - 1));
      }
    },
  };
}
