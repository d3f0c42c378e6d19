import { z } from 'zod';
import { normalOf, randomOf } from '@regulars/contracts/random';

/** One LSTM layer and a dense layer on its hidden state at every step.
 *
 *  Its parameters are one list: [inputs + hidden][4 hidden] weights, row after row, the columns in four blocks for
 *  the gates i, o, f and c (ONNX's order); 4 hidden biases; [hidden][outputs] weights of the dense layer; its
 *  biases. */
export const LstmShape = z.strictObject({
  inputs: z.int().positive(),
  /** A multiple of 8, as is `outputs`: the kernels work on eight columns at a time. */
  hidden: z.int().positive().multipleOf(8),
  outputs: z.int().positive().multipleOf(8),
});
export type LstmShape = z.infer<typeof LstmShape>;

/** Where each part begins in the list of parameters. */
export interface LstmOffsets {
  readonly recurrent: number;
  readonly bias: number;
  readonly head: number;
  readonly headBias: number;
  /** Number of parameters. */
  readonly count: number;
}

export function lstmOffsets({ inputs, hidden, outputs }: LstmShape): LstmOffsets {
  const recurrent = inputs * 4 * hidden;
  const bias = recurrent + hidden * 4 * hidden;
  const head = bias + 4 * hidden;
  const headBias = head + hidden * outputs;
  return { recurrent, bias, head, headBias, count: headBias + outputs };
}

/** Weights drawn with the usual deviation 1 / sqrt(fan-in). The forget gates begin open (bias 1, Jozefowicz and
 *  others 2015), the head at zero, so that an untrained network adds nothing to its offset. */
export function initialParameters(shape: LstmShape, seed: number): Float32Array {
  const random = randomOf(seed);
  const { bias, head, count } = lstmOffsets(shape);
  const parameters = new Float32Array(count);
  const deviation = 1 / Math.sqrt(shape.inputs + shape.hidden);
  for (let index = 0; index < bias; index += 1) parameters[index] = normalOf(random) * deviation;
  const forget = bias + 2 * shape.hidden;
  parameters.fill(1, forget, head - shape.hidden);
  return parameters;
}
