import { RegularsError } from '@regulars/contracts';
import { randomOf } from '@regulars/contracts/random';

/** Width of the hidden layer of the second seed paper's head (figure 4: dense, 128). */
export const HEAD_HIDDEN = 128;
/** Values that global average pooling leaves of MobileNetV2 1.0 (figure 4: 1280). */
export const HEAD_INPUTS = 1_280;

export interface HeadShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

/** Dense, ReLU, dense: what follows the frozen body. The second layer gives logits. */
export interface Head {
  readonly shape: HeadShape;
  /** [input][hidden] */
  readonly hiddenWeights: Float32Array;
  readonly hiddenBias: Float32Array;
  /** [hidden][output] */
  readonly outputWeights: Float32Array;
  readonly outputBias: Float32Array;
}

/** The arrays of a head that are learnt, always in the same order. */
export function parametersOf(head: Head): readonly Float32Array[] {
  return [head.hiddenWeights, head.hiddenBias, head.outputWeights, head.outputBias];
}

export function copyOfHead(head: Head): Head {
  return {
    shape: head.shape,
    hiddenWeights: head.hiddenWeights.slice(),
    hiddenBias: head.hiddenBias.slice(),
    outputWeights: head.outputWeights.slice(),
    outputBias: head.outputBias.slice(),
  };
}

/** Parameters of a head: 164,226 with two classes, as in figure 4 of the second seed paper. */
export function parameterCount({ inputs, hidden, outputs }: HeadShape): number {
  return (inputs + 1) * hidden + (hidden + 1) * outputs;
}

/** A head that knows nothing: weights even within sqrt(6 / (ins + outs)) (Glorot and Bengio 2010; what Keras,
 *  which the paper used, starts a dense layer with), biases nought. */
export function initialHead(shape: HeadShape, seed: number): Head {
  const random = randomOf(seed);
  const layer = (ins: number, outs: number) => {
    const bound = Math.sqrt(6 / (ins + outs));
    return Float32Array.from({ length: ins * outs }, () => (2 * random() - 1) * bound);
  };
  return {
    shape,
    hiddenWeights: layer(shape.inputs, shape.hidden),
    hiddenBias: new Float32Array(shape.hidden),
    outputWeights: layer(shape.hidden, shape.outputs),
    outputBias: new Float32Array(shape.outputs),
  };
}

/** One example's way through the head; `hidden` and `logits` are written wholly.
 *  @param at index of the example's first feature */
export function forward(
  head: Head,
  features: Float32Array,
  at: number,
  hidden: Float32Array,
  logits: Float32Array,
): void {
  const { inputs, hidden: width, outputs } = head.shape;
  hidden.set(head.hiddenBias);
  for (let i = 0; i < inputs; i += 1) {
    const value = features[at + i] as number;
    // MobileNetV2 ends in a ReLU6: part of its means are nought.
    if (value === 0) continue;
    const row = i * width;
    for (let j = 0; j < width; j += 1) {
      hidden[j] = (hidden[j] as number) + value * (head.hiddenWeights[row + j] as number);
    }
  }
  logits.set(head.outputBias);
  for (let j = 0; j < width; j += 1) {
    const value = Math.max(0, hidden[j] as number);
    hidden[j] = value;
    if (value === 0) continue;
    for (let k = 0; k < outputs; k += 1) {
      logits[k] = (logits[k] as number) + value * (head.outputWeights[j * outputs + k] as number);
    }
  }
}

/** Logits of many examples.
 *  @param features [example][input]
 *  @returns [example][output]
 *  @throws RegularsError MODEL_MISMATCH when the features are not whole examples of this head */
export function logitsOf(head: Head, features: Float32Array): Float32Array {
  const { inputs, hidden: width, outputs } = head.shape;
  const count = exampleCount(head.shape, features);
  const all = new Float32Array(count * outputs);
  const hidden = new Float32Array(width);
  for (let n = 0; n < count; n += 1) {
    forward(head, features, n * inputs, hidden, all.subarray(n * outputs, (n + 1) * outputs));
  }
  return all;
}

/** @throws RegularsError MODEL_MISMATCH */
export function exampleCount({ inputs }: HeadShape, features: Float32Array): number {
  const count = features.length / inputs;
  if (Number.isInteger(count)) return count;
  throw new RegularsError('MODEL_MISMATCH', {
    model: 'expression head',
    expected: `a multiple of ${inputs} features`,
    given: `${features.length}`,
  });
}

/** Turns rows of logits into probabilities, in place.
 *  @param temperature logits are divided by it first; above 1 makes them less sure
 *  @returns the same array */
export function softmaxRows(logits: Float32Array, width: number, temperature = 1): Float32Array {
  for (let at = 0; at < logits.length; at += width) {
    const row = logits.subarray(at, at + width);
    let largest = -Infinity;
    for (const value of row) largest = Math.max(largest, value);
    let sum = 0;
    for (let k = 0; k < width; k += 1) {
      const value = Math.exp(((row[k] as number) - largest) / temperature);
      row[k] = value;
      sum += value;
    }
    for (let k = 0; k < width; k += 1) row[k] = (row[k] as number) / sum;
  }
  return logits;
}
