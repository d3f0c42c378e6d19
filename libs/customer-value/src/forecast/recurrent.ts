import { logit, sigmoid } from '../buy-till-you-die/special.js';
import {
  trainLstm,
  type LstmHooks,
  type LstmOptions,
  type LstmProblem,
  type TrainedLstm,
} from '../lstm/training.js';
import type { Predictions } from './boosted.js';
import type { Examples } from './examples.js';
import { INPUTS, type Sequences } from './inputs.js';

/** Places of the network's outputs: corrections of the base forecast's logit and log-spend, and logits of the three
 *  classes of those who buy. */
const CHURN = 0;
const SPEND = 1;
const CLASSES = [2, 3, 4] as const;
export const LSTM_OUTPUTS = 8;

export interface RecurrentOptions extends LstmOptions {
  readonly hidden: number;
  /** What the deviance of the spend counts beside the log-losses. */
  readonly spendWeight: number;
  /** Of the Tweedie loss. */
  readonly power: number;
}

/** Sequences and the examples along them. */
export interface SequenceExamples {
  readonly sequences: Sequences;
  readonly examples: Examples;
  readonly unitMinor: number;
  /** Examples after so many periods are held out to say when to stop, and those up to `horizon` periods before them
   *  are learnt from; null: all are learnt from. */
  readonly heldOut: { readonly observed: number; readonly horizon: number } | null;
}

/** @throws the signal's reason when it is aborted */
export async function fitRecurrent(
  task: SequenceExamples,
  options: RecurrentOptions,
  hooks: LstmHooks = {},
): Promise<TrainedLstm> {
  return trainLstm(problemOf(task, options), options, hooks);
}

function problemOf(task: SequenceExamples, { hidden, spendWeight, power }: RecurrentOptions): LstmProblem {
  const { examples, unitMinor, heldOut } = task;
  const { values, periods } = task.sequences;
  const exampleAt = new Int32Array(values.length / INPUTS.length).fill(-1);
  for (let index = 0; index < examples.count; index += 1)
    exampleAt[(examples.rows[index] ?? 0) * periods + (examples.observed[index] ?? 0) - 1] = index;
  const learntUntil = heldOut === null ? periods : heldOut.observed - heldOut.horizon;
  const span = {
    training: [1, learntUntil],
    validation: [heldOut?.observed ?? 1, heldOut?.observed ?? 0],
  } as const;
  const lossOf = exampleLoss(examples, { unitMinor, spendWeight, power });
  return {
    shape: { inputs: INPUTS.length, hidden, outputs: LSTM_OUTPUTS },
    sequences: values,
    steps: periods,
    loss: (outputs, rows, slopes, part) => {
      slopes?.fill(0);
      const [from, to] = span[part];
      let [sum, count] = [0, 0];
      for (let observed = from; observed <= to; observed += 1) {
        for (let position = 0; position < rows.length; position += 1) {
          const index = exampleAt[(rows[position] ?? 0) * periods + observed - 1] ?? -1;
          if (index < 0) continue;
          sum += lossOf(index, outputs, slopes, ((observed - 1) * rows.length + position) * LSTM_OUTPUTS);
          count += 1;
        }
      }
      return { sum, examples: count };
    },
  };
}

interface Weights {
  readonly unitMinor: number;
  readonly spendWeight: number;
  readonly power: number;
}

/** Loss of one example, its slopes written where its outputs are. */
function exampleLoss(examples: Examples, { unitMinor, spendWeight, power }: Weights) {
  return (index: number, outputs: Float32Array, slopes: Float32Array | null, at: number): number => {
    const churned = examples.churned[index] ?? 0;
    const p = sigmoid(logit(examples.baseChurn[index] ?? 0) + (outputs[at + CHURN] ?? 0));
    const logSpend =
      Math.log((examples.baseSpendMinor[index] ?? 0) / unitMinor + 1e-6) + (outputs[at + SPEND] ?? 0);
    const target = (examples.spendMinor[index] ?? 0) / unitMinor;
    const [pull, push] = [target * Math.exp((1 - power) * logSpend), Math.exp((2 - power) * logSpend)];
    if (slopes !== null) {
      slopes[at + CHURN] = p - churned;
      slopes[at + SPEND] = spendWeight * Math.max(-MOST_SLOPE, Math.min(MOST_SLOPE, push - pull));
    }
    const loss =
      -Math.log(Math.max(1e-9, churned === 1 ? p : 1 - p)) +
      spendWeight * (pull / (power - 1) + push / (2 - power));
    return churned === 1
      ? loss
      : loss + classLoss((examples.classIndex[index] ?? 1) - 1, outputs, slopes, at);
  };
}

/** A single wholesaler's order would move the network more than all other customers together. */
const MOST_SLOPE = 5;

function classLoss(own: number, outputs: Float32Array, slopes: Float32Array | null, at: number): number {
  const powers = CLASSES.map((place) => Math.exp(outputs[at + place] ?? 0));
  const sum = powers.reduce((total, power) => total + power, 0);
  if (slopes !== null)
    CLASSES.forEach(
      (place, index) => (slopes[at + place] = (powers[index] ?? 0) / sum - (index === own ? 1 : 0)),
    );
  return -Math.log((powers[own] ?? 0) / sum);
}

/** @param outputs of the examples' customers, [customer][output] */
export function predictRecurrent(outputs: Float32Array, examples: Examples): Predictions {
  const at = (index: number, place: number) =>
    outputs[(examples.rows[index] ?? 0) * LSTM_OUTPUTS + place] ?? 0;
  const buyerClasses = new Float64Array(examples.count * CLASSES.length);
  for (let index = 0; index < examples.count; index += 1) {
    const powers = CLASSES.map((place) => Math.exp(at(index, place)));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, own) => (buyerClasses[index * CLASSES.length + own] = power / sum));
  }
  return {
    churn: examples.baseChurn.map((p, index) => sigmoid(logit(p) + at(index, CHURN))),
    spendMinor: examples.baseSpendMinor.map((amount, index) => amount * Math.exp(at(index, SPEND))),
    buyerClasses,
  };
}
