import { encodeLstm, initialParameters, referenceForward, runLstm } from '@regulars/customer-value';
import { openSequenceModel } from '@regulars/vision';
import { cpuSeconds, SIZE, someSequences } from './epochs.js';

/** What serving a trained network costs, and how far each way is from the reference. */
export interface Serving {
  readonly hidden: number;
  /** Customers forecast in a second of CPU time, the best of several runs. */
  readonly customersPerSecond: Readonly<Record<'kernels' | 'onnxruntime', number>>;
  /** The same for one customer alone, as after a sale. */
  readonly singlesPerSecond: Readonly<Record<'kernels' | 'onnxruntime', number>>;
  /** Greatest difference from the reference over some hundred customers. */
  readonly difference: Readonly<Record<'kernels' | 'onnxruntime', number>>;
}

const COMPARED = 200;
const SINGLES = 200;

type Forecast = (values: Float32Array, count: number) => Promise<Float32Array>;

/** @param runs over all customers, of which the quickest counts */
export async function measureServing(hidden: number, runs: number): Promise<Serving> {
  const shape = { inputs: SIZE.inputs, hidden, outputs: SIZE.outputs };
  const parameters = initialParameters(shape, 7).map((value) => value || 0.1);
  const values = someSequences(8);
  const model = await openSequenceModel('lstm', await encodeLstm(shape, parameters));
  const ways: Readonly<Record<'kernels' | 'onnxruntime', Forecast>> = {
    kernels: (some) => runLstm({ shape, parameters }, some, SIZE.steps),
    onnxruntime: (some, count) => model.run(some, [count, SIZE.steps, SIZE.inputs]),
  };
  try {
    const each = async (of: (way: Forecast) => Promise<number>) => ({
      kernels: await of(ways.kernels),
      onnxruntime: await of(ways.onnxruntime),
    });
    const one = values.subarray(0, SIZE.steps * SIZE.inputs);
    return {
      hidden,
      customersPerSecond: await each((way) =>
        rateOf(() => way(values, SIZE.sequences), SIZE.sequences, runs),
      ),
      singlesPerSecond: await each((way) =>
        rateOf(
          async () => {
            for (let single = 0; single < SINGLES; single += 1) await way(one, 1);
          },
          SINGLES,
          runs,
        ),
      ),
      difference: await each(async (way) => {
        const found = await way(values, SIZE.sequences);
        return greatestDifference(found, (row) =>
          referenceForward(shape, parameters, rowOf(values, row)).slice(-SIZE.outputs),
        );
      }),
    };
  } finally {
    await model.release();
  }
}

async function rateOf(run: () => Promise<unknown>, count: number, runs: number): Promise<number> {
  await run();
  let least = Infinity;
  for (let index = 0; index < runs; index += 1) {
    const from = process.cpuUsage();
    await run();
    least = Math.min(least, cpuSeconds(from));
  }
  return Math.round(count / least);
}

function rowOf(values: Float32Array, row: number): Float32Array {
  const length = SIZE.steps * SIZE.inputs;
  return values.subarray(row * length, (row + 1) * length);
}

function greatestDifference(found: Float32Array, expectedOf: (row: number) => Float64Array): number {
  let greatest = 0;
  for (let row = 0; row < COMPARED; row += 1)
    expectedOf(row).forEach((value, index) => {
      greatest = Math.max(greatest, Math.abs(value - (found[row * SIZE.outputs + index] ?? NaN)));
    });
  return greatest;
}
