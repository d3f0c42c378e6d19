import { z } from 'zod';
import { boostedScores, BoostedTrees, fitBoosting, type BoostingOptions } from '../boosting/boosting.js';
import { logisticLoss, softmaxLoss, tweedieLoss } from '../boosting/losses.js';
import { logit, sigmoid } from '../buy-till-you-die/special.js';
import type { Examples } from './examples.js';
import { FEATURES } from './features.js';

/** Classes of those who buy: low, medium, high. */
const BUYER_CLASSES = 3;

/** Trees that correct the base forecast, and that tell the class of those who buy. */
export const BoostedForecaster = z.strictObject({
  churn: z.array(BoostedTrees),
  spend: z.array(BoostedTrees),
  classes: z.array(BoostedTrees),
});
export type BoostedForecaster = z.infer<typeof BoostedForecaster>;

/** What a model says of each example. */
export interface Predictions {
  readonly churn: Float64Array;
  readonly spendMinor: Float64Array;
  /** [example][low, medium, high] of those who buy; their sum is 1. */
  readonly buyerClasses: Float64Array;
}

export interface BoostedOptions {
  readonly churn: BoostingOptions;
  readonly spend: BoostingOptions;
  readonly classes: BoostingOptions;
  /** Of the Tweedie loss. */
  readonly power: number;
  /** Fits with other seeds whose mean is taken. */
  readonly bags: number;
}

/** @param unitMinor the base model's unit of money */
export function fitBoosted(
  examples: Examples,
  unitMinor: number,
  options: BoostedOptions,
  signal?: AbortSignal,
): BoostedForecaster {
  const { features, count } = examples;
  const bag = (own: BoostingOptions, task: Parameters<typeof fitBoosting>[2]) =>
    Array.from({ length: options.bags }, (_, index) =>
      fitBoosting(features, FEATURES.length, task, { ...own, seed: own.seed + index }, signal),
    );
  const buyerClass = Int32Array.from(examples.classIndex, (index) => index - 1);
  return {
    churn: bag(options.churn, {
      loss: logisticLoss(examples.churned),
      offsets: examples.baseChurn.map(logit),
    }),
    spend: bag(options.spend, {
      loss: tweedieLoss(
        examples.spendMinor.map((amount) => amount / unitMinor),
        options.power,
      ),
      offsets: logSpend(examples.baseSpendMinor, unitMinor),
    }),
    classes: bag(options.classes, {
      loss: softmaxLoss(buyerClass, BUYER_CLASSES),
      offsets: new Float64Array(count * BUYER_CLASSES),
    }),
  };
}

const logSpend = (spendMinor: Float64Array, unitMinor: number): Float64Array =>
  spendMinor.map((amount) => Math.log(amount / unitMinor + 1e-6));

export function predictBoosted(model: BoostedForecaster, examples: Examples, unitMinor: number): Predictions {
  const { features, count } = examples;
  const [churn, spend, classes] = [model.churn, model.spend, model.classes].map((bags) =>
    meanScores(bags, features),
  );
  const base = logSpend(examples.baseSpendMinor, unitMinor);
  return {
    churn: examples.baseChurn.map((p, index) => sigmoid(logit(p) + (churn?.[index] ?? 0))),
    spendMinor: base.map((log, index) => Math.exp(log + (spend?.[index] ?? 0)) * unitMinor),
    buyerClasses: softmaxRows(classes ?? new Float64Array(0), count),
  };
}

function meanScores(bags: readonly BoostedTrees[], features: Float64Array): Float64Array {
  const all = bags.map((trees) => boostedScores(trees, features));
  return (all[0] ?? new Float64Array(0)).map(
    (_, at) => all.reduce((sum, own) => sum + (own[at] ?? 0), 0) / all.length,
  );
}

/** @param scores [class][example], @returns [example][class] */
export function softmaxRows(scores: Float64Array, count: number): Float64Array {
  const classes = scores.length / Math.max(1, count);
  const result = new Float64Array(scores.length);
  for (let row = 0; row < count; row += 1) {
    let sum = 0;
    for (let own = 0; own < classes; own += 1) sum += Math.exp(scores[own * count + row] ?? 0);
    for (let own = 0; own < classes; own += 1)
      result[row * classes + own] = Math.exp(scores[own * count + row] ?? 0) / sum;
  }
  return result;
}
