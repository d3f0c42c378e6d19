import type { Kernels } from './kernels.js';
import { lstmOffsets, type LstmShape } from './shape.js';

const PAGE_BYTES = 65_536;
/** Columns of a strip, see kernels/product.ts. */
const STRIP = 8;
/** Every part begins with a line of the cache, so that no row of a strip lies in two. */
const LINE_BYTES = 64;
/** Rows between two strips that stay free, see kernels/places.ts. */
const FREE_ROWS = 8;

/** Largest batch and number of steps that memory is laid out for. */
export interface LstmCapacity {
  readonly batch: number;
  readonly steps: number;
}

/** Parts of the kernels' memory, in values; kernels/places.ts says what they are. */
function layoutOf({ inputs, hidden, outputs }: LstmShape, { batch, steps }: LstmCapacity, count: number) {
  const rows = batch + FREE_ROWS;
  return {
    parameters: count,
    slopes: count,
    means: count,
    squares: count,
    packed: hidden * (4 * (inputs + hidden) + outputs),
    z: (steps + 1) * rows * zWidth(inputs, hidden),
    gates: steps * rows * 4 * hidden,
    cells: (steps + 1) * rows * hidden,
    tanhs: (steps + 1) * rows * hidden,
    outputs: steps * batch * outputs,
    outputSlopes: steps * batch * outputs,
    outputStrips: rows * outputs + STRIP,
    hiddenSlopes: rows * STRIP,
    cellSlopes: rows * hidden,
  };
}

/** Columns of a step's inputs and hidden state, both in whole strips. */
function zWidth(inputs: number, hidden: number): number {
  return Math.ceil(inputs / STRIP) * STRIP + hidden;
}

type Part = keyof ReturnType<typeof layoutOf>;

export interface AdamStep {
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
  /** The slopes are shortened to this length where they are longer. */
  readonly clip: number;
  readonly weightDecay: number;
}

/** An LSTM in the kernels' memory. `openNetwork` makes one; nothing has to be closed. */
export class LstmNetwork {
  private readonly views: Readonly<Record<Part, Float32Array>>;

  /** @param kernels an instance that no other network uses */
  constructor(
    private readonly kernels: Kernels,
    readonly shape: LstmShape,
    readonly capacity: LstmCapacity,
    parameters: ArrayLike<number>,
  ) {
    const sizes = layoutOf(shape, capacity, lstmOffsets(shape).count);
    let end = Math.ceil(kernels.heapBase() / LINE_BYTES) * LINE_BYTES;
    const starts = Object.entries(sizes).map(([part, size]) => {
      const start = end;
      end += Math.ceil((size * 4) / LINE_BYTES) * LINE_BYTES;
      return [part, start, size] as const;
    });
    kernels.memory.grow(Math.max(0, Math.ceil((end - kernels.memory.buffer.byteLength) / PAGE_BYTES)));
    this.views = Object.fromEntries(
      starts.map(([part, start, size]) => [part, new Float32Array(kernels.memory.buffer, start, size)]),
    ) as Record<Part, Float32Array>;
    const at = (part: Part) => this.views[part].byteOffset;
    kernels.setShape(shape.inputs, shape.hidden, shape.outputs);
    kernels.setParameters(at('parameters'), at('slopes'), at('packed'));
    kernels.setStates(at('z'), at('gates'), at('cells'), at('tanhs'));
    kernels.setOutputs(at('outputs'), at('outputSlopes'), at('outputStrips'));
    kernels.setStateSlopes(at('hiddenSlopes'), at('cellSlopes'));
    this.parameters.set(parameters);
  }

  /** In shape.ts's order; may be changed in place. */
  get parameters(): Float32Array {
    return this.views.parameters;
  }

  /** The loss by the parameters, summed since the last `step`. */
  get slopes(): Float32Array {
    return this.views.slopes;
  }

  /** The loss by the outputs, to be written before `backward`: [steps][batch][outputs]. */
  get outputSlopes(): Float32Array {
    return this.views.outputSlopes;
  }

  /** @param sequences [sequence][steps][inputs]
   *  @param rows the sequences of this batch, at most capacity.batch
   *  @returns [steps][batch][outputs], overwritten by the next call */
  forward(sequences: Float32Array, rows: ArrayLike<number>, steps: number): Float32Array {
    const { inputs, hidden, outputs } = this.shape;
    const batch = rows.length;
    if (batch > this.capacity.batch || steps > this.capacity.steps)
      throw new RangeError(`${batch} x ${steps} is beyond capacity`);
    const { z, cells } = this.views;
    const strips = zWidth(inputs, hidden) / STRIP;
    for (let step = 0; step < steps; step += 1)
      for (let row = 0; row < batch; row += 1) {
        const from = ((rows[row] ?? 0) * steps + step) * inputs;
        for (let first = 0; first < inputs; first += STRIP) {
          const to = ((step * strips + first / STRIP) * (batch + FREE_ROWS) + row) * STRIP - first;
          const end = Math.min(first + STRIP, inputs);
          for (let input = first; input < end; input += 1) z[to + input] = sequences[from + input] ?? 0;
        }
      }
    cells.fill(0, 0, (batch + FREE_ROWS) * hidden);
    this.kernels.forward(batch, steps);
    return this.views.outputs.subarray(0, steps * batch * outputs);
  }

  /** Adds to `slopes`; after `forward` of the same batch. */
  backward(batch: number, steps: number): void {
    this.kernels.backward(batch, steps);
  }

  /** One step of Adam with the slopes, which are zeros afterwards. */
  step({ learningRate, step, clip, weightDecay }: AdamStep): void {
    const { parameters, slopes, means, squares } = this.views;
    const length = Math.sqrt(this.kernels.sumOfSquares(slopes.byteOffset, slopes.length));
    const correction = Math.sqrt(1 - 0.999 ** step);
    this.kernels.adam(
      parameters.byteOffset,
      slopes.byteOffset,
      means.byteOffset,
      squares.byteOffset,
      parameters.length,
      length > clip ? clip / length : 1,
      (learningRate * correction) / (1 - 0.9 ** step),
      1e-8 * correction,
      1 - learningRate * weightDecay,
    );
  }
}
