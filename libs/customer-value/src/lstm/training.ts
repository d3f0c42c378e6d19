import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomOf, shuffled } from '@regulars/contracts/random';
import type { LstmNetwork } from './network.js';
import { openNetwork } from './open-network.js';
import { initialParameters, lstmOffsets, type LstmShape } from './shape.js';

/** Sequences to learn from and what is to be learnt. */
export interface LstmProblem {
  readonly shape: LstmShape;
  /** [sequence][steps][inputs] */
  readonly sequences: Float32Array;
  readonly steps: number;
  /** Loss of a batch and its slopes.
   *  @param outputs [step][position][output]
   *  @param rows the sequence at each position
   *  @param slopes the loss by the outputs, to be written wholly; null when only the loss is asked for
   *  @param part examples that are learnt from, or those held out to say when to stop
   *  @returns the loss of all examples of the batch, and how many they are */
  loss(
    outputs: Float32Array,
    rows: Int32Array,
    slopes: Float32Array | null,
    part: 'training' | 'validation',
  ): { readonly sum: number; readonly examples: number };
}

export interface LstmOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Greatest length of the slopes. */
  readonly clip: number;
  readonly seed: number;
  /** Epochs without a better loss on the validation examples after which training ends; null: all epochs are run and
   *  nothing is held out. */
  readonly patience: number | null;
}

export interface LstmProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly trainingLoss: number;
  /** Null without validation examples. */
  readonly validationLoss: number | null;
}

export interface LstmHooks {
  readonly onProgress?: (progress: LstmProgress) => void;
  /** Asked after every batch. */
  readonly signal?: AbortSignal;
}

export interface TrainedLstm {
  readonly shape: LstmShape;
  readonly parameters: Float32Array;
  /** Epochs after which the parameters were taken. */
  readonly epochs: number;
}

/** Trains with Adam, the learning rate falling to nought along a cosine. It occupies the calling thread, which it
 *  leaves between two batches only to hear of a cancellation: it belongs into a worker thread.
 *  @throws the signal's reason when it is aborted */
export async function trainLstm(
  problem: LstmProblem,
  options: LstmOptions,
  hooks: LstmHooks = {},
): Promise<TrainedLstm> {
  const { shape, steps } = problem;
  const count = problem.sequences.length / (steps * shape.inputs);
  const random = randomOf(options.seed);
  const capacity = { batch: Math.min(options.batch, Math.max(1, count)), steps };
  const network = await openNetwork(shape, capacity, initialParameters(shape, options.seed + 1));
  const moves = options.epochs * Math.ceil(count / capacity.batch);
  let best = { loss: Infinity, epoch: 0, parameters: network.parameters.slice() };
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
    const training = { sum: 0, examples: 0 };
    for (const rows of batchesOf(shuffled(count, random), capacity.batch)) {
      await nextTurn();
      hooks.signal?.throwIfAborted();
      const outputs = network.forward(problem.sequences, rows, steps);
      const slopes = network.outputSlopes.subarray(0, outputs.length);
      const { sum, examples } = problem.loss(outputs, rows, slopes, 'training');
      training.sum += sum;
      training.examples += examples;
      step += 1;
      if (examples === 0) continue;
      network.backward(rows.length, steps);
      const learningRate = (options.learningRate * (1 + Math.cos((Math.PI * (step - 1)) / moves))) / 2;
      network.step({ learningRate, step, clip: options.clip * examples, weightDecay: options.weightDecay });
    }
    const validationLoss = options.patience === null ? null : validate(problem, network, count);
    hooks.onProgress?.({
      epoch,
      epochs: options.epochs,
      trainingLoss: training.sum / training.examples,
      validationLoss,
    });
    const loss = validationLoss ?? -epoch;
    if (loss < best.loss) best = { loss, epoch, parameters: network.parameters.slice() };
    else if (epoch - best.epoch >= (options.patience ?? Infinity)) break;
  }
  return { shape, parameters: best.parameters, epochs: best.epoch };
}

function* batchesOf(order: Int32Array, size: number): Generator<Int32Array> {
  for (let first = 0; first < order.length; first += size) yield order.subarray(first, first + size);
}

function validate(problem: LstmProblem, network: LstmNetwork, count: number): number {
  let [sum, examples] = [0, 0];
  for (const rows of batchesOf(
    Int32Array.from({ length: count }, (_, row) => row),
    network.capacity.batch,
  )) {
    const loss = problem.loss(
      network.forward(problem.sequences, rows, problem.steps),
      rows,
      null,
      'validation',
    );
    sum += loss.sum;
    examples += loss.examples;
  }
  return sum / Math.max(1, examples);
}

/** Runs a trained network over sequences in the kernels.
 *  @returns the outputs after the last step, [sequence][output] */
export async function runLstm(
  { shape, parameters }: Pick<TrainedLstm, 'shape' | 'parameters'>,
  sequences: Float32Array,
  steps: number,
): Promise<Float32Array> {
  if (parameters.length !== lstmOffsets(shape).count)
    throw new RangeError('the parameters are not of this shape');
  const count = sequences.length / (steps * shape.inputs);
  const batch = Math.min(128, Math.max(1, count));
  const network = await openNetwork(shape, { batch, steps }, parameters);
  const results = new Float32Array(count * shape.outputs);
  for (const rows of batchesOf(
    Int32Array.from({ length: count }, (_, row) => row),
    batch,
  )) {
    const outputs = network.forward(sequences, rows, steps);
    const last = outputs.subarray((steps - 1) * rows.length * shape.outputs);
    results.set(last, (rows[0] ?? 0) * shape.outputs);
  }
  return results;
}
