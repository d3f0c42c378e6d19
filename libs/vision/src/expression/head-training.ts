import { setImmediate as nextTurn } from 'node:timers/promises';
import { RegularsError } from '@regulars/contracts';
import { copyOfHead, exampleCount, type Head } from './head.js';
import { HeadSlopes, newAdamState, type AdamState, type BatchSums, type HeadExamples } from './head-step.js';
import { randomOf, shuffled } from '@regulars/contracts/random';

export type { AdamState, HeadExamples } from './head-step.js';

export interface HeadTrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Decides on the order of the examples. */
  readonly seed: number;
  /** Epochs without a better loss on the validation examples after which training ends; null: all epochs are run
   *  and the last head is taken. */
  readonly patience: number | null;
  /** How strongly each weight is drawn back to where training began, per move and learning rate; 0 by default.
   *  Keeps a head from forgetting what it knew when it is given a few examples only. */
  readonly pullToStart?: number;
}

/** Figure 6 and section II of the second seed paper: 50 epochs, batch 32, Adam at 1e-4. */
export const SEED_HEAD_OPTIONS = {
  epochs: 50,
  batch: 32,
  learningRate: 1e-4,
  seed: 1,
  patience: null,
} as const satisfies HeadTrainingOptions;

export interface Figures {
  /** Mean softmax cross-entropy, nats. */
  readonly loss: number;
  /** Share of examples whose likeliest class is the target's. */
  readonly accuracy: number;
}

export interface HeadProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly training: Figures;
  /** Null without validation examples. */
  readonly validation: Figures | null;
  /** The head after this epoch is the best so far, or the last without patience. */
  readonly isTaken: boolean;
}

/** All that is needed to go on after an interruption. */
export interface HeadTrainingState {
  /** Epochs done. */
  readonly epoch: number;
  readonly head: Head;
  readonly adam: AdamState;
  readonly best: { readonly epoch: number; readonly loss: number; readonly head: Head };
}

export interface HeadTraining {
  readonly start: Head;
  /** Examples of an epoch, from 1: the same ones always, or augmented anew each time. The last batch of an epoch
   *  may be smaller. */
  readonly training: HeadExamples | ((epoch: number) => Promise<HeadExamples> | HeadExamples);
  readonly validation: HeadExamples | null;
  readonly options: HeadTrainingOptions;
  /** As `onEpoch` gave it: training goes on from there as if it had not been interrupted. */
  readonly resume?: HeadTrainingState;
  /** Called after each epoch; awaited. The state is the trainer's own: copy what is kept. */
  readonly onEpoch?: (progress: HeadProgress, state: HeadTrainingState) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface TrainedHead {
  readonly head: Head;
  /** Epochs after which the head was taken; 0: none was better than the start. */
  readonly epoch: number;
  readonly progress: readonly HeadProgress[];
}

/** Batches between two looks at the signal and the event loop. */
const BATCHES_A_TURN = 4;

/** Trains a head on the features of a frozen body, with Adam and softmax cross-entropy. With patience the head with
 *  the least loss on the validation examples is taken, the start among them. It occupies the calling thread, which
 *  it leaves every few batches.
 *  @throws the signal's reason when it is aborted
 *  @throws RegularsError MODEL_MISMATCH when features or targets do not fit the head, or there are none */
export async function trainHead(training: HeadTraining): Promise<TrainedHead> {
  const { start, options, validation, signal } = training;
  if (validation) checkExamples(start, validation);
  const head = copyOfHead(training.resume?.head ?? start);
  const adam = training.resume ? copyOfAdam(training.resume.adam) : newAdamState(head);
  let best = training.resume?.best ?? {
    epoch: 0,
    loss: options.patience !== null && validation ? headFigures(start, validation).loss : Infinity,
    head: copyOfHead(start),
  };
  const slopes = new HeadSlopes(head);
  const anchor = options.pullToStart ? start : null;
  const adamOptions = { learningRate: options.learningRate, pull: options.pullToStart ?? 0, anchor };
  const progress: HeadProgress[] = [];
  for (let epoch = (training.resume?.epoch ?? 0) + 1; epoch <= options.epochs; epoch += 1) {
    if (options.patience !== null && epoch - 1 - best.epoch >= options.patience) break;
    signal?.throwIfAborted();
    const examples =
      typeof training.training === 'function' ? await training.training(epoch) : training.training;
    const count = checkExamples(head, examples);
    // The order follows from the seed and the epoch, so that a resumed training sees the same.
    const order = shuffled(count, randomOf(options.seed * 100_003 + epoch));
    const sums: BatchSums = { loss: 0, right: 0, weight: 0 };
    for (let first = 0, turn = 1; first < count; first += options.batch, turn += 1) {
      const before = sums.weight;
      slopes.clear();
      for (const index of order.subarray(first, first + options.batch)) {
        slopes.add(examples, index, sums, true);
      }
      if (sums.weight > before) slopes.move(adam, adamOptions, sums.weight - before);
      if (turn % BATCHES_A_TURN === 0) {
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
    const checked = validation && headFigures(head, validation);
    const isTaken = options.patience === null || checked === null || checked.loss < best.loss;
    if (isTaken) best = { epoch, loss: checked?.loss ?? Infinity, head: copyOfHead(head) };
    const told: HeadProgress = {
      epoch,
      epochs: options.epochs,
      training: meanOf(sums),
      validation: checked,
      isTaken,
    };
    progress.push(told);
    await training.onEpoch?.(told, { epoch, head, adam, best });
  }
  return { head: best.head, epoch: best.epoch, progress };
}

/** Loss and accuracy of a head.
 *  @throws RegularsError MODEL_MISMATCH */
export function headFigures(head: Head, examples: HeadExamples): Figures {
  const count = checkExamples(head, examples);
  const sums: BatchSums = { loss: 0, right: 0, weight: 0 };
  const slopes = new HeadSlopes(head);
  for (let index = 0; index < count; index += 1) slopes.add(examples, index, sums, false);
  return meanOf(sums);
}

function meanOf({ loss, right, weight }: BatchSums): Figures {
  return { loss: loss / weight, accuracy: right / weight };
}

function copyOfAdam({ steps, means, squares }: AdamState): AdamState {
  return { steps, means: means.map((m) => m.slice()), squares: squares.map((s) => s.slice()) };
}

function checkExamples({ shape }: Head, { features, targets, weights }: HeadExamples): number {
  const count = exampleCount(shape, features);
  if (count > 0 && targets.length === count * shape.outputs && (weights?.length ?? count) === count) {
    return count;
  }
  throw new RegularsError('MODEL_MISMATCH', {
    model: 'expression head',
    expected: `targets of ${shape.outputs} classes for each of ${count} examples, at least one`,
    given: `${targets.length} targets, ${weights?.length ?? 'no'} weights`,
  });
}
