import { sigmoid } from '../buy-till-you-die/special.js';
import {
  trainLstm,
  type LstmHooks,
  type LstmOptions,
  type LstmProblem,
  type TrainedLstm,
} from '../lstm/training.js';
import { logSpend } from './boosted.js';
import { churnOf, HORIZON, type Examples } from './examples.js';
import { INPUTS, type Sequences } from './inputs.js';
import { BUYER_CLASSES, softmax, type Predictions } from './predictions.js';

/** Places of the network's outputs: corrections of the base forecast's logits of buying nothing in each period ahead
 *  of its log-spend, and of its logits of the three classes of those who buy. */
const SPEND = HORIZON;
const CLASSES = HORIZON + 1;
export const LSTM_OUTPUTS = 8;

export interface RecurrentOptions extends LstmOptions {
  readonly hidden: number;
  /** What the deviance of the spend counts beside the log-losses. */
  readonly spendWeight: number;
  /** Of the Tweedie loss. */
  readonly power: number;
  /** Draws the corrections towards 0: what the network does not know it leaves to the base forecast. */
  readonly ridge: number;
  /** Networks with other seeds whose outputs' mean is taken. */
  readonly networks: number;
}

/** Chosen on the origins 2010-09-30 to 2010-12-31 of UCI Online Retail II (docs/forecasts.md). */
export const RECURRENT_OPTIONS: RecurrentOptions = {
  hidden: 32,
  epochs: 12,
  batch: 128,
  learningRate: 3e-3,
  weightDecay: 1e-3,
  clip: 1,
  seed: 1,
  patience: null,
  spendWeight: 0.3,
  power: 1.5,
  ridge: 0.15,
  networks: 3,
};

/** Sequences and the examples along them. */
export interface SequenceExamples {
  readonly sequences: Sequences;
  /** Customer of each sequence. */
  readonly rows: ArrayLike<number>;
  readonly examples: Examples;
  readonly unitMinor: number;
  /** Examples after so many periods are held out to say when to stop, and only those whose outcomes were known by
   *  then are learnt from; null: all are learnt from. */
  readonly heldOut: number | null;
}

/** @throws the signal's reason when it is aborted */
export async function fitRecurrent(
  task: SequenceExamples,
  options: RecurrentOptions = RECURRENT_OPTIONS,
  hooks: LstmHooks = {},
): Promise<TrainedLstm[]> {
  const networks: TrainedLstm[] = [];
  for (let index = 0; index < options.networks; index += 1)
    networks.push(
      await trainLstm(problemOf(task, options), { ...options, seed: options.seed + 10 * index }, hooks),
    );
  return networks;
}

function problemOf(task: SequenceExamples, options: RecurrentOptions): LstmProblem {
  const { examples, heldOut } = task;
  const { values, periods } = task.sequences;
  const exampleAt = new Int32Array(values.length / INPUTS.length).fill(-1);
  const placeOf = new Map(Array.from(task.rows, (row, place) => [row, place]));
  for (let index = 0; index < examples.count; index += 1) {
    const place = placeOf.get(examples.rows[index] ?? 0);
    if (place !== undefined) exampleAt[place * periods + (examples.observed[index] ?? 0) - 1] = index;
  }
  const lossOf = exampleLoss(task, options);
  const spans = {
    training: [1, heldOut === null ? periods : heldOut - 1],
    validation: [heldOut ?? 1, heldOut ?? 0],
  } as const;
  return {
    shape: { inputs: INPUTS.length, hidden: options.hidden, outputs: LSTM_OUTPUTS },
    sequences: values,
    steps: periods,
    loss: (outputs, rows, slopes, part) => {
      slopes?.fill(0);
      const [from, to] = spans[part];
      const end = part === 'training' && heldOut !== null ? heldOut : periods;
      let [sum, count] = [0, 0];
      for (let observed = from; observed <= to; observed += 1) {
        for (let position = 0; position < rows.length; position += 1) {
          const index = exampleAt[(rows[position] ?? 0) * periods + observed - 1] ?? -1;
          if (index < 0) continue;
          const at = ((observed - 1) * rows.length + position) * LSTM_OUTPUTS;
          sum += lossOf({ index, known: Math.min(HORIZON, end - observed) }, outputs, slopes, at);
          count += examples.weights[index] ?? 0;
        }
      }
      return { sum, examples: count };
    },
  };
}

/** A single wholesaler's order would move the network more than all other customers together. */
const MOST_SLOPE = 5;

/** Loss of one example by its weight; its slopes are written where its outputs are. */
function exampleLoss(
  { examples, unitMinor }: SequenceExamples,
  { spendWeight, power, ridge }: RecurrentOptions,
) {
  const base = logSpend(examples, unitMinor);
  return (
    { index, known }: { index: number; known: number },
    outputs: Float32Array,
    slopes: Float32Array | null,
    at: number,
  ): number => {
    const weight = examples.weights[index] ?? 0;
    const boughtIn = examples.boughtIn[index] ?? 0;
    const isBuyer = boughtIn > 0 && boughtIn <= known;
    const put = (place: number, slope: number) => {
      if (slopes !== null) slopes[at + place] = weight * slope;
    };
    let loss = 0;
    for (let ahead = 0; ahead < (isBuyer ? boughtIn : known); ahead += 1) {
      const own = outputs[at + ahead] ?? 0;
      const p = sigmoid((examples.baseStays[index * HORIZON + ahead] ?? 0) + own);
      const target = boughtIn === ahead + 1 ? 0 : 1;
      put(ahead, p - target + ridge * own);
      loss -= Math.log(Math.max(1e-9, target === 1 ? p : 1 - p));
    }
    if (known < HORIZON) return weight * loss;
    const own = outputs[at + SPEND] ?? 0;
    const [score, target] = [(base[index] ?? 0) + own, (examples.spendMinor[index] ?? 0) / unitMinor];
    const [pull, push] = [target * Math.exp((1 - power) * score), Math.exp((2 - power) * score)];
    put(SPEND, spendWeight * Math.max(-MOST_SLOPE, Math.min(MOST_SLOPE, push - pull)) + ridge * own);
    loss += spendWeight * (pull / (power - 1) + push / (2 - power));
    const classIndex = (examples.classIndex[index] ?? 0) - 1;
    if (classIndex < 0) return weight * loss;
    const chances = softmax(classScores(outputs, at, examples, index));
    chances.forEach((chance, place) =>
      put(
        CLASSES + place,
        chance - (place === classIndex ? 1 : 0) + ridge * (outputs[at + CLASSES + place] ?? 0),
      ),
    );
    return weight * (loss - Math.log(chances[classIndex] ?? 1));
  };
}

/** Logits of the classes of those who buy: the network's on the base forecast's. */
function classScores(
  outputs: Float32Array,
  at: number,
  { baseClassLogs }: Examples,
  index: number,
): number[] {
  return Array.from(
    { length: BUYER_CLASSES },
    (_, place) => (outputs[at + CLASSES + place] ?? 0) + (baseClassLogs[index * BUYER_CLASSES + place] ?? 0),
  );
}

/** @param outputs of the examples after their last period, [example][output] */
export function predictRecurrent(outputs: Float32Array, examples: Examples): Predictions {
  const buyerClasses = new Float64Array(examples.count * BUYER_CLASSES);
  const stays = Float64Array.from(examples.baseStays);
  const spendMinor = Float64Array.from(examples.baseSpendMinor);
  for (let index = 0; index < examples.count; index += 1) {
    const at = index * LSTM_OUTPUTS;
    const own = outputs.subarray(at, at + LSTM_OUTPUTS);
    for (let ahead = 0; ahead < HORIZON; ahead += 1)
      stays[index * HORIZON + ahead] = (stays[index * HORIZON + ahead] ?? 0) + (own[ahead] ?? 0);
    spendMinor[index] = (spendMinor[index] ?? 0) * Math.exp(own[SPEND] ?? 0);
    buyerClasses.set(softmax(classScores(outputs, at, examples, index)), index * BUYER_CLASSES);
  }
  const churn = Float64Array.from({ length: examples.count }, (_, index) => churnOf(stays, index * HORIZON));
  return { churn, spendMinor, buyerClasses };
}
