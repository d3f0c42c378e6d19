import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '@regulars/contracts/random';
import type { KernelKind } from './kernels.js';
import { bestKernelKind, openNetwork } from './open-network.js';
import { referenceBackward, referenceForward } from './reference.js';
import { hasRelaxedSimd } from './relaxed-simd.js';
import { initialParameters, lstmOffsets, type LstmShape } from './shape.js';

const SHAPE: LstmShape = { inputs: 5, hidden: 16, outputs: 8 };
const STEPS = 7;

const randomValues = (count: number, seed: number, scale = 1): Float32Array => {
  const random = randomOf(seed);
  return Float32Array.from({ length: count }, () => normalOf(random) * scale);
};

/** Parameters in which the head takes part too. */
const parametersOf = (shape: LstmShape): Float32Array => {
  const parameters = initialParameters(shape, 3);
  const { head, count } = lstmOffsets(shape);
  parameters.set(randomValues(count - head, 4, 0.3), head);
  return parameters;
};

/** Half the sum of squares of the outputs, each with a weight of its own. */
const lossOf = (outputs: Float64Array, weights: ArrayLike<number>): number =>
  outputs.reduce((sum, value, index) => sum + (0.5 * value * value + value) * (weights[index] ?? 0), 0);
const slopesOf = (outputs: ArrayLike<number>, weights: ArrayLike<number>): Float64Array =>
  Float64Array.from(outputs, (value, index) => (value + 1) * (weights[index] ?? 0));

const greatest = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));

describe('the reference', () => {
  it('has the slopes that small changes of the parameters show', () => {
    const shape: LstmShape = { inputs: 2, hidden: 8, outputs: 8 };
    const parameters = Float64Array.from(parametersOf(shape));
    const sequence = randomValues(2 * STEPS, 6);
    const weights = randomValues(8 * STEPS, 7);
    const slopes = referenceBackward(
      shape,
      parameters,
      sequence,
      slopesOf(referenceForward(shape, parameters, sequence), weights),
    );
    const lossAt = (index: number, move: number) => {
      const moved = parameters.slice();
      moved[index] = (moved[index] ?? 0) + move;
      return lossOf(referenceForward(shape, moved, sequence), weights);
    };
    for (let index = 0; index < parameters.length; index += 1)
      expect(slopes[index]).toBeCloseTo((lossAt(index, 1e-5) - lossAt(index, -1e-5)) / 2e-5, 6);
  });
});

const KINDS: readonly KernelKind[] = ['simd', 'relaxed-simd', 'wide-simd'];
const lacks = (kind: KernelKind) => kind !== 'simd' && !hasRelaxedSimd();
const nameOf = (kind: KernelKind) => (lacks(kind) ? `${kind} (Node ${process.version} has none)` : kind);

// 13 sequences: three blocks of four rows and one that is left over.
const ROWS = [4, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12];

/** Greatest differences of the kernels from the reference: of an output, and of a slope as a share of the greatest. */
async function differencesOf(shape: LstmShape, kind: KernelKind): Promise<{ output: number; slope: number }> {
  const parameters = parametersOf(shape);
  const sequences = randomValues(13 * STEPS * shape.inputs, 1, 2);
  const network = await openNetwork(shape, { batch: 16, steps: 10 }, parameters, kind);
  const weights = randomValues(13 * STEPS * shape.outputs, 2);
  const outputs = network.forward(sequences, ROWS, STEPS).slice();
  network.outputSlopes.set(slopesOf(outputs, weights));
  network.backward(ROWS.length, STEPS);
  const slopes = new Float64Array(parameters.length);
  let output = 0;
  ROWS.forEach((row, position) => {
    const sequence = sequences.subarray(row * STEPS * shape.inputs, (row + 1) * STEPS * shape.inputs);
    const expected = referenceForward(shape, parameters, sequence);
    const own = (values: Float32Array) =>
      Float64Array.from(expected, (_, index) => {
        const step = Math.floor(index / shape.outputs);
        return values[(step * ROWS.length + position) * shape.outputs + (index % shape.outputs)] ?? NaN;
      });
    output = Math.max(output, greatest(own(outputs).map((value, index) => value - (expected[index] ?? NaN))));
    const added = referenceBackward(shape, parameters, sequence, slopesOf(expected, own(weights)));
    added.forEach((slope, index) => (slopes[index] = (slopes[index] ?? 0) + slope));
  });
  const slope = greatest(slopes.map((value, index) => value - (network.slopes[index] ?? NaN)));
  return { output, slope: slope / greatest(slopes) };
}

describe.each(KINDS)('the kernels', (kind) => {
  describe.skipIf(lacks(kind))(`with ${nameOf(kind)}`, () => {
    // Inputs that fill a strip of eight in part, wholly, and one and a part; one and two strips of outputs.
    it.each<LstmShape>([
      { inputs: 5, hidden: 16, outputs: 8 },
      { inputs: 8, hidden: 8, outputs: 16 },
      { inputs: 14, hidden: 32, outputs: 8 },
    ])(
      'compute what the reference does, forwards and backwards: $inputs, $hidden, $outputs',
      async (shape) => {
        const { output, slope } = await differencesOf(shape, kind);
        expect(output).toBeLessThan(2e-6);
        expect(slope).toBeLessThan(2e-5);
      },
    );

    it('give the same every time', async () => {
      const runs = await Promise.all(
        [1, 2].map(async () => {
          const parameters = parametersOf(SHAPE);
          const network = await openNetwork(SHAPE, { batch: 13, steps: STEPS }, parameters, kind);
          network.forward(randomValues(13 * STEPS * SHAPE.inputs, 1), ROWS, STEPS);
          network.outputSlopes.set(randomValues(13 * STEPS * SHAPE.outputs, 2));
          network.backward(ROWS.length, STEPS);
          network.step({ learningRate: 0.01, step: 1, clip: 1, weightDecay: 0.1 });
          return network.parameters.slice();
        }),
      );
      expect(runs[1]).toEqual(runs[0]);
      expect(runs[0]).not.toEqual(parametersOf(SHAPE));
    });
  });
});

describe.skipIf(lacks('relaxed-simd'))(`${nameOf('relaxed-simd')} beside simd`, () => {
  it('differs in the last digits only', async () => {
    const sequences = randomValues(13 * STEPS * SHAPE.inputs, 1, 2);
    const [simd = [], relaxed = []] = await Promise.all(
      (['simd', 'relaxed-simd'] as const).map(async (kind) => {
        const network = await openNetwork(SHAPE, { batch: 13, steps: STEPS }, parametersOf(SHAPE), kind);
        return [...network.forward(sequences, ROWS, STEPS)];
      }),
    );
    expect(greatest(relaxed)).toBeGreaterThan(0.1);
    expect(greatest(relaxed.map((value, index) => value - (simd[index] ?? NaN)))).toBeLessThan(4e-6);
  });
});

describe.skipIf(lacks('wide-simd'))(`${nameOf('wide-simd')} beside relaxed-simd`, () => {
  // Seven blocks of eight rows, one of four and a row; 13 columns of inputs: eight, four and one.
  it('has the same digits, forwards and backwards, after several steps', async () => {
    const shape: LstmShape = { inputs: 13, hidden: 24, outputs: 8 };
    const rows = Int32Array.from({ length: 61 }, (_, row) => row);
    const sequences = randomValues(rows.length * STEPS * shape.inputs, 5, 3);
    const [relaxed, wide] = await Promise.all(
      (['relaxed-simd', 'wide-simd'] as const).map(async (kind) => {
        const capacity = { batch: rows.length, steps: STEPS };
        const network = await openNetwork(shape, capacity, parametersOf(shape), kind);
        for (let step = 1; step <= 5; step += 1) {
          network.outputSlopes.set(network.forward(sequences, rows, STEPS));
          network.backward(rows.length, STEPS);
          network.step({ learningRate: 0.01, step, clip: 1, weightDecay: 0 });
        }
        return network.parameters.slice();
      }),
    );
    expect(wide).toEqual(relaxed);
    expect(wide).not.toEqual(parametersOf(shape));
  });
});

describe('the kernels', () => {
  it('are of the quickest kind that this process runs', async () => {
    const kind = await bestKernelKind();
    expect(KINDS.filter((known) => !lacks(known))).toContain(kind);
    expect(kind === 'simd').toBe(lacks('relaxed-simd'));
  });

  const parameters = parametersOf(SHAPE);
  const rows = ROWS;
  const sequences = randomValues(13 * STEPS * SHAPE.inputs, 1, 2);
  const sequenceOf = (row: number) =>
    sequences.subarray(row * STEPS * SHAPE.inputs, (row + 1) * STEPS * SHAPE.inputs);

  it('forget one batch before the next', async () => {
    const network = await openNetwork(SHAPE, { batch: 13, steps: STEPS }, parameters);
    const first = network.forward(sequences, [3], STEPS).slice();
    network.forward(sequences, rows, STEPS);
    expect(network.forward(sequences, [3], STEPS)).toEqual(first);
  });

  it('saturate instead of overflowing', async () => {
    const network = await openNetwork(SHAPE, { batch: 1, steps: STEPS }, parameters);
    const huge = sequenceOf(0).map((value) => value * 1e6);
    const outputs = network.forward(huge, [0], STEPS);
    const expected = referenceForward(SHAPE, parameters, huge);
    expect(greatest(expected.map((value, index) => value - (outputs[index] ?? NaN)))).toBeLessThan(1e-5);
  });

  it('take the steps of Adam', async () => {
    const network = await openNetwork(SHAPE, { batch: 1, steps: 1 }, parameters);
    let [mean, square] = [0, 0];
    let expected = parameters[0] ?? 0;
    for (let step = 1; step <= 3; step += 1) {
      const slope = 0.01 * step;
      network.slopes.fill(0);
      network.slopes[0] = slope;
      network.step({ learningRate: 0.05, step, clip: 1, weightDecay: 0.1 });
      [mean, square] = [0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope * slope];
      const move = mean / (1 - 0.9 ** step) / (Math.sqrt(square / (1 - 0.999 ** step)) + 1e-8);
      expected = expected * (1 - 0.05 * 0.1) - 0.05 * move;
      expect(network.parameters[0]).toBeCloseTo(expected, 5);
      expect(network.slopes[0]).toBe(0);
    }
  });

  it('refuse a batch that there is no room for', async () => {
    const network = await openNetwork(SHAPE, { batch: 2, steps: STEPS }, parameters);
    expect(() => network.forward(sequences, [0, 1, 2], STEPS)).toThrow('capacity');
  });
});
