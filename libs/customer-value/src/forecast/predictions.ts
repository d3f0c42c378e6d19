import { sigmoid } from '../buy-till-you-die/special.js';

/** What a model says of each example. */
export interface Predictions {
  /** Chance of buying nothing. */
  readonly churn: Float64Array;
  readonly spendMinor: Float64Array;
  /** [example][low, medium, high], the chances of those who buy; their sum is 1. */
  readonly buyerClasses: Float64Array;
}

/** Classes of those who buy: low, medium, high. */
export const BUYER_CLASSES = 3;

/** The chances of none, low, medium and high of one example. */
export function classChances(
  { churn, buyerClasses }: Predictions,
  index: number,
): [number, number, number, number] {
  const none = churn[index] ?? 0;
  const own = (place: number) => (1 - none) * (buyerClasses[index * BUYER_CLASSES + place] ?? 0);
  return [none, own(0), own(1), own(2)];
}

/** How much each model counts in a blend, above 0, for each thing that is said. */
export interface BlendWeights {
  readonly churn: readonly number[];
  readonly spend: readonly number[];
  readonly classes: readonly number[];
}

/** The mean of several models' predictions: of the logits for chances, so that a sure one counts more. */
export function blend(models: readonly Predictions[], weights: BlendWeights): Predictions {
  const [first] = models;
  if (first === undefined) throw new RangeError('there is no model to blend');
  const meanBy = (own: readonly number[]) => {
    const total = own.reduce((sum, weight) => sum + weight, 0);
    return (valueOf: (model: Predictions) => number): number =>
      models.reduce((sum, model, place) => sum + ((own[place] ?? 0) / total) * valueOf(model), 0);
  };
  const [churnMean, spendMean, classMean] = [weights.churn, weights.spend, weights.classes].map(meanBy);
  if (!churnMean || !spendMean || !classMean) throw new RangeError('there are no weights');
  return {
    churn: first.churn.map((_, index) => sigmoid(churnMean(({ churn }) => safeLogit(churn[index] ?? 0)))),
    spendMinor: first.spendMinor.map((_, index) => spendMean(({ spendMinor }) => spendMinor[index] ?? 0)),
    buyerClasses: first.buyerClasses.map((_, at) => classMean(({ buyerClasses }) => buyerClasses[at] ?? 0)),
  };
}

/** ln(p / (1 - p)), p kept away from 0 and 1 by 1e-9. */
export function safeLogit(p: number): number {
  const kept = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(kept / (1 - kept));
}

/** Chances from logits. @returns of the same length as `logits`, with the sum 1 */
export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
