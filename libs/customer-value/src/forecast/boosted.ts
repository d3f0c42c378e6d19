import { z } from 'zod';
import {
  boostedScores,
  BoostedTrees,
  fitBoosting,
  type BoostingOptions,
  type BoostingTask,
} from '../boosting/boosting.js';
import { logisticLoss, softmaxLoss, tweedieLoss } from '../boosting/losses.js';
import { churnOf, HORIZON, type Examples } from './examples.js';
import { BUYER_CLASSES, softmax, type Predictions } from './predictions.js';

/** Trees that correct the base forecast, and that tell the class of those who buy; several fits of each, of which the
 *  mean is taken. */
export const BoostedForecaster = z.strictObject({
  /** Of the logit of buying nothing in one period ahead; the features and, last, which period ahead it is. */
  stays: z.array(BoostedTrees),
  spend: z.array(BoostedTrees),
  classes: z.array(BoostedTrees),
});
export type BoostedForecaster = z.infer<typeof BoostedForecaster>;

export interface BoostedOptions extends BoostingOptions {
  /** Of the Tweedie loss of the spend. */
  readonly power: number;
  /** Fits with other seeds. */
  readonly bags: number;
}

/** Chosen on the origins 2010-09-30 to 2010-12-31 of UCI Online Retail II (docs/forecasts.md). */
export const BOOSTED_OPTIONS: BoostedOptions = {
  rounds: 100,
  learningRate: 0.04,
  leaves: 6,
  leafRows: 100,
  ridge: 5,
  rowShare: 0.7,
  featureShare: 0.3,
  seed: 1,
  power: 1.5,
  bags: 3,
};

/** @param unitMinor the base model's unit of money
 *  @throws the signal's reason when it is aborted */
export function fitBoosted(
  examples: Examples,
  unitMinor: number,
  options: BoostedOptions = BOOSTED_OPTIONS,
  signal?: AbortSignal,
): BoostedForecaster {
  // A small shop's leaves would be its whole table.
  const leafRows = Math.max(5, Math.min(options.leafRows, Math.floor(examples.count / 50)));
  const bag = (task: BoostingTask) => fitBoosting(task, { ...options, leafRows }, options.bags, signal);
  const whole = completeOf(examples);
  return {
    stays: bag(staysTask(examples)),
    spend: bag({
      ...whole,
      loss: tweedieLoss(
        whole.take(examples.spendMinor).map((amount) => amount / unitMinor),
        options.power,
      ),
      offsets: whole.take(logSpend(examples, unitMinor)),
    }),
    classes: bag({
      ...whole,
      loss: softmaxLoss(
        whole.take(Float64Array.from(examples.classIndex)).map((index) => index - 1),
        BUYER_CLASSES,
      ),
      offsets: whole.takeClasses(examples.baseClassLogs),
    }),
  };
}

/** The examples of which all periods ahead are known. */
function completeOf({ known, features, columns, weights }: Examples) {
  const indices = Int32Array.from(known.keys()).filter((index) => known[index] === HORIZON);
  const kept = new Float64Array(indices.length * columns);
  indices.forEach((index, row) =>
    kept.set(features.subarray(index * columns, (index + 1) * columns), row * columns),
  );
  const take = (values: Float64Array) => Float64Array.from(indices, (index) => values[index] ?? 0);
  // Scores are [class][row], examples [row][class].
  const takeClasses = (values: Float64Array) =>
    Float64Array.from({ length: indices.length * BUYER_CLASSES }, (_, at) => {
      const row = indices[at % indices.length] ?? 0;
      return values[row * BUYER_CLASSES + Math.floor(at / indices.length)] ?? 0;
    });
  return { features: kept, columns, weights: take(weights), take, takeClasses };
}

/** A row for each known period ahead of each example, up to the one with the first purchase. */
function staysTask(examples: Examples): BoostingTask {
  const rows: { readonly index: number; readonly ahead: number }[] = [];
  for (let index = 0; index < examples.count; index += 1) {
    const last = examples.boughtIn[index] || (examples.known[index] ?? 0);
    for (let ahead = 1; ahead <= last; ahead += 1) rows.push({ index, ahead });
  }
  const targets = rows.map(({ index, ahead }) => (examples.boughtIn[index] === ahead ? 0 : 1));
  return {
    features: staysFeatures(examples, rows),
    columns: examples.columns + 1,
    loss: logisticLoss(targets),
    offsets: Float64Array.from(
      rows,
      ({ index, ahead }) => examples.baseStays[index * HORIZON + ahead - 1] ?? 0,
    ),
    weights: Float64Array.from(rows, ({ index }) => examples.weights[index] ?? 0),
  };
}

export function staysFeatures(
  { features, columns: own }: Examples,
  rows: readonly { readonly index: number; readonly ahead: number }[],
): Float64Array {
  const columns = own + 1;
  const table = new Float64Array(rows.length * columns);
  rows.forEach(({ index, ahead }, row) => {
    table.set(features.subarray(index * own, (index + 1) * own), row * columns);
    table[row * columns + own] = ahead;
  });
  return table;
}

/** The base forecast's spend as a logarithm, in units. */
export function logSpend({ baseSpendMinor }: Examples, unitMinor: number): Float64Array {
  return baseSpendMinor.map((amount) => Math.log(amount / unitMinor + 1e-6));
}

export function predictBoosted(model: BoostedForecaster, examples: Examples, unitMinor: number): Predictions {
  const { features, count } = examples;
  const stays = Float64Array.from(examples.baseStays);
  for (let ahead = 1; ahead <= HORIZON; ahead += 1) {
    const rows = Array.from({ length: count }, (_, index) => ({ index, ahead }));
    boostedScores(model.stays, staysFeatures(examples, rows)).forEach((score, index) => {
      stays[index * HORIZON + ahead - 1] = (stays[index * HORIZON + ahead - 1] ?? 0) + score;
    });
  }
  const spend = boostedScores(model.spend, features);
  const classes = boostedScores(model.classes, features);
  const buyerClasses = new Float64Array(count * BUYER_CLASSES);
  for (let index = 0; index < count; index += 1)
    buyerClasses.set(
      softmax(
        [0, 1, 2].map(
          (own) =>
            (classes[own * count + index] ?? 0) + (examples.baseClassLogs[index * BUYER_CLASSES + own] ?? 0),
        ),
      ),
      index * BUYER_CLASSES,
    );
  return {
    churn: Float64Array.from({ length: count }, (_, index) => churnOf(stays, index * HORIZON)),
    spendMinor: logSpend(examples, unitMinor).map(
      (log, index) => Math.exp(log + (spend[index] ?? 0)) * unitMinor,
    ),
    buyerClasses,
  };
}
