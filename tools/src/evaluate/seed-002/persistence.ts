import { initialParameters, openNetwork, type LstmShape } from '@regulars/customer-value';
import type { MonthlyClasses } from './invoices.js';

/** Months that the seed's network sees before the one that it names. */
const WINDOW = 5;
const CLASSES = 3;
/** The seed's: 16 hidden units, Adam at .001, all customers of one window position in a step. It has a dense layer
 *  before and a second LSTM layer after ours. */
const SHAPE: LstmShape = { inputs: CLASSES, hidden: 16, outputs: 8 };
const LEARNING_RATE = 0.001;

/** Rows: the class in the last month, 1 to 3; columns: the predicted one. */
export type Confusion = readonly (readonly number[])[];

export function confusionOf(actual: ArrayLike<number>, predicted: ArrayLike<number>): Confusion {
  const counts = Array.from({ length: CLASSES }, () => Array.from({ length: CLASSES }, () => 0));
  for (let index = 0; index < actual.length; index += 1) {
    const row = counts[(actual[index] ?? 0) - 1];
    const column = (predicted[index] ?? 0) - 1;
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return counts;
}

export const accuracyOf = (confusion: Confusion): number => {
  const right = confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return right / confusion.flat().reduce((sum, count) => sum + count, 0);
};

/** A month's class of each customer. @param month from the end: -1 is the last */
export function classesOfMonth({ classes }: MonthlyClasses, month: number): Uint8Array {
  return Uint8Array.from(classes, (row) => row.at(month) ?? 0);
}

/** Trains on all months but the last, as the seed does, and names each customer's class in the last month.
 *  @param epochs the seed takes 25
 *  @returns 1 to 3, in the customers' order
 *  @throws RangeError when there are too few months for one window to learn from and one to be tested on */
export async function predictLastMonth(
  known: MonthlyClasses,
  { seed, epochs }: { readonly seed: number; readonly epochs: number },
): Promise<Uint8Array> {
  const months = known.cutsMs.length;
  const windows = months - 1 - WINDOW;
  if (windows < 1) throw new RangeError(`${months} months; at least ${WINDOW + 2} are needed`);
  const count = known.customers.length;
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const network = await openNetwork(SHAPE, { batch: count, steps: WINDOW }, initialParameters(SHAPE, seed));
  const sequences = Array.from({ length: months - WINDOW }, (_, first) => oneHot(known, first));
  for (let epoch = 1, step = 1; epoch <= epochs; epoch += 1) {
    for (let first = 0; first < windows; first += 1, step += 1) {
      const outputs = lastStep(network.forward(sequences[first] ?? new Float32Array(), rows, WINDOW), count);
      network.outputSlopes.fill(0);
      const slopes = lastStep(network.outputSlopes.subarray(0, WINDOW * count * SHAPE.outputs), count);
      writeSlopes(outputs, (row) => (known.classes[row]?.[first + WINDOW] ?? 1) - 1, slopes);
      network.backward(count, WINDOW);
      network.step({ learningRate: LEARNING_RATE, step, clip: Infinity, weightDecay: 0 });
    }
  }
  const outputs = lastStep(network.forward(sequences.at(-1) ?? new Float32Array(), rows, WINDOW), count);
  return Uint8Array.from(rows, (row) => 1 + likeliest(outputs, row * SHAPE.outputs));
}

/** [customer][month of the window][class] */
function oneHot({ classes }: MonthlyClasses, first: number): Float32Array {
  const values = new Float32Array(classes.length * WINDOW * CLASSES);
  classes.forEach((row, customer) => {
    for (let step = 0; step < WINDOW; step += 1)
      values[(customer * WINDOW + step) * CLASSES + (row[first + step] ?? 1) - 1] = 1;
  });
  return values;
}

/** Of [step][customer][output] what belongs to the last step. */
function lastStep(values: Float32Array, count: number): Float32Array {
  return values.subarray((WINDOW - 1) * count * SHAPE.outputs);
}

/** The mean cross entropy by the outputs. The network has more outputs than there are classes: the kernels work on
 *  eight at a time. */
function writeSlopes(outputs: Float32Array, classOf: (row: number) => number, slopes: Float32Array): void {
  const count = outputs.length / SHAPE.outputs;
  for (let row = 0; row < count; row += 1) {
    const at = row * SHAPE.outputs;
    const scores = outputs.subarray(at, at + CLASSES);
    const most = Math.max(...scores);
    const weights = Array.from(scores, (score) => Math.exp(score - most));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const actual = classOf(row);
    weights.forEach((weight, index) => {
      slopes[at + index] = (weight / total - (index === actual ? 1 : 0)) / count;
    });
  }
}

function likeliest(outputs: Float32Array, at: number): number {
  const scores = outputs.subarray(at, at + CLASSES);
  return scores.indexOf(Math.max(...scores));
}
