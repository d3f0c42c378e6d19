import { lstmOffsets, type LstmShape } from './shape.js';

/** What backward needs of a forward pass; steps in the order of time. */
interface Step {
  readonly z: Float64Array;
  /** i, o, f, c, activated. */
  readonly gates: Float64Array;
  readonly cell: Float64Array;
  readonly hidden: Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The network for one sequence in plain code and double precision: what the kernels and the exported model are
 *  compared with.
 *  @param sequence [steps][inputs]
 *  @returns [steps][outputs] */
export function referenceForward(
  shape: LstmShape,
  parameters: ArrayLike<number>,
  sequence: ArrayLike<number>,
): Float64Array {
  const { outputs, hidden } = shape;
  const { head, headBias } = lstmOffsets(shape);
  const steps = statesOf(shape, parameters, sequence);
  const result = new Float64Array(steps.length * outputs);
  steps.forEach((step, index) => {
    for (let output = 0; output < outputs; output += 1) {
      let sum = parameters[headBias + output] ?? 0;
      for (let unit = 0; unit < hidden; unit += 1)
        sum += (step.hidden[unit] ?? 0) * (parameters[head + unit * outputs + output] ?? 0);
      result[index * outputs + output] = sum;
    }
  });
  return result;
}

function statesOf(shape: LstmShape, parameters: ArrayLike<number>, sequence: ArrayLike<number>): Step[] {
  const { inputs, hidden } = shape;
  const { bias } = lstmOffsets(shape);
  const steps: Step[] = [];
  for (let at = 0; at < sequence.length; at += inputs) {
    const before = steps.at(-1);
    const z = new Float64Array(inputs + hidden);
    for (let input = 0; input < inputs; input += 1) z[input] = sequence[at + input] ?? 0;
    if (before !== undefined) z.set(before.hidden, inputs);
    const gates = new Float64Array(4 * hidden);
    for (let column = 0; column < gates.length; column += 1) {
      let sum = parameters[bias + column] ?? 0;
      for (let row = 0; row < z.length; row += 1)
        sum += (z[row] ?? 0) * (parameters[row * gates.length + column] ?? 0);
      gates[column] = column < 3 * hidden ? sigmoid(sum) : Math.tanh(sum);
    }
    const gate = (block: number, unit: number): number => gates[block * hidden + unit] ?? 0;
    const cell = Float64Array.from(
      { length: hidden },
      (_, unit) => gate(2, unit) * (before?.cell[unit] ?? 0) + gate(0, unit) * gate(3, unit),
    );
    steps.push({ z, gates, cell, hidden: cell.map((value, unit) => gate(1, unit) * Math.tanh(value)) });
  }
  return steps;
}

/** The slope of a loss by every parameter, for one sequence.
 *  @param outputSlopes the loss by the outputs, [steps][outputs] */
export function referenceBackward(
  shape: LstmShape,
  parameters: ArrayLike<number>,
  sequence: ArrayLike<number>,
  outputSlopes: ArrayLike<number>,
): Float64Array {
  const { inputs, hidden } = shape;
  const { recurrent, bias, count } = lstmOffsets(shape);
  const steps = statesOf(shape, parameters, sequence);
  const slopes = new Float64Array(count);
  let hiddenSlopes = new Float64Array(hidden);
  let cellSlopes = new Float64Array(hidden);
  for (const [index, step] of [...steps.entries()].reverse()) {
    addHeadSlopes(
      shape,
      parameters,
      { slopes, hiddenSlopes },
      step,
      (output) => outputSlopes[index * shape.outputs + output] ?? 0,
    );
    const gateSlopes = slopesOfGates(step, steps[index - 1]?.cell, hiddenSlopes, cellSlopes);
    for (let row = 0; row < inputs + hidden; row += 1)
      for (let column = 0; column < 4 * hidden; column += 1)
        slopes[row * 4 * hidden + column] =
          (slopes[row * 4 * hidden + column] ?? 0) + (step.z[row] ?? 0) * (gateSlopes[column] ?? 0);
    gateSlopes.forEach((slope, column) => (slopes[bias + column] = (slopes[bias + column] ?? 0) + slope));
    hiddenSlopes = hiddenSlopes.map((_, unit) =>
      gateSlopes.reduce(
        (sum, slope, column) => sum + slope * (parameters[recurrent + unit * 4 * hidden + column] ?? 0),
        0,
      ),
    );
    cellSlopes = cellSlopes.map((slope, unit) => slope * (step.gates[2 * hidden + unit] ?? 0));
  }
  return slopes;
}

interface Slopes {
  readonly slopes: Float64Array;
  readonly hiddenSlopes: Float64Array;
}

function addHeadSlopes(
  shape: LstmShape,
  parameters: ArrayLike<number>,
  { slopes, hiddenSlopes }: Slopes,
  step: Step,
  slopeOf: (output: number) => number,
): void {
  const { head, headBias } = lstmOffsets(shape);
  for (let output = 0; output < shape.outputs; output += 1) {
    const slope = slopeOf(output);
    slopes[headBias + output] = (slopes[headBias + output] ?? 0) + slope;
    for (let unit = 0; unit < shape.hidden; unit += 1) {
      const at = head + unit * shape.outputs + output;
      slopes[at] = (slopes[at] ?? 0) + slope * (step.hidden[unit] ?? 0);
      hiddenSlopes[unit] = (hiddenSlopes[unit] ?? 0) + slope * (parameters[at] ?? 0);
    }
  }
}

/** Also moves what reaches the cell by way of the hidden state into `cellSlopes`. */
function slopesOfGates(
  { gates, cell }: Step,
  cellBefore: Float64Array | undefined,
  hiddenSlopes: Float64Array,
  cellSlopes: Float64Array,
): Float64Array {
  const size = cell.length;
  const slopes = new Float64Array(4 * size);
  for (let unit = 0; unit < size; unit += 1) {
    const [i = 0, o = 0, f = 0, g = 0] = [0, 1, 2, 3].map((block) => gates[block * size + unit] ?? 0);
    const [t, dh] = [Math.tanh(cell[unit] ?? 0), hiddenSlopes[unit] ?? 0];
    const dc = (cellSlopes[unit] ?? 0) + dh * o * (1 - t * t);
    cellSlopes[unit] = dc;
    slopes[unit] = dc * g * i * (1 - i);
    slopes[size + unit] = dh * t * o * (1 - o);
    slopes[2 * size + unit] = dc * (cellBefore?.[unit] ?? 0) * f * (1 - f);
    slopes[3 * size + unit] = dc * i * (1 - g * g);
  }
  return slopes;
}
