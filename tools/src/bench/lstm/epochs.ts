import { normalOf, randomOf, shuffled } from '@regulars/contracts/random';
import { initialParameters, openNetwork } from '@regulars/customer-value';

/** 5,900 customers of UCI Online Retail II, two years of months, twelve inputs. */
export const SIZE = { sequences: 5_900, steps: 24, inputs: 12, outputs: 8, batch: 128 } as const;

/** CPU seconds of this process, all of its threads, since `from` or its start. */
export function cpuSeconds(from?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

/** Random sequences, [sequence][step][input]. */
export function someSequences(seed: number): Float32Array {
  const random = randomOf(seed);
  return Float32Array.from({ length: SIZE.sequences * SIZE.steps * SIZE.inputs }, () => normalOf(random));
}

/** The slopes of the mean squared error.
 *  @param found [step][row][output]  @param targets [sequence][step][output]  @param slopes as `found` */
function slopesOfSquares(
  found: Float32Array,
  targets: Float32Array,
  rows: Int32Array,
  slopes: Float32Array,
): void {
  const { steps, outputs } = SIZE;
  const scale = 2 / found.length;
  for (let at = 0, time = 0; time < steps; time += 1)
    for (let index = 0; index < rows.length; index += 1) {
      const wanted = ((rows[index] ?? 0) * steps + time) * outputs;
      for (let output = 0; output < outputs; output += 1, at += 1)
        slopes[at] = scale * ((found[at] ?? 0) - (targets[wanted + output] ?? 0));
    }
}

/** Epochs of a network with so many hidden units on random sequences and targets, by the kernels: shuffled batches,
 *  squared error at every step, slopes clipped, Adam.
 *  @returns trains one epoch and tells its CPU seconds; the first epoch, which allocates, has been run */
export async function ownEpochs(hidden: number): Promise<() => number> {
  const { sequences: count, steps, outputs, batch } = SIZE;
  const shape = { inputs: SIZE.inputs, hidden, outputs };
  const sequences = someSequences(1);
  const random = randomOf(2);
  const targets = Float32Array.from({ length: count * steps * outputs }, () => normalOf(random));
  const network = await openNetwork(shape, { batch, steps }, initialParameters(shape, 3));
  let step = 0;
  const epoch = (): void => {
    const order = shuffled(count, random);
    for (let first = 0; first < count; first += batch) {
      const rows = order.subarray(first, first + batch);
      const found = network.forward(sequences, rows, steps);
      slopesOfSquares(found, targets, rows, network.outputSlopes);
      network.backward(rows.length, steps);
      network.step({ learningRate: 1e-3, step: (step += 1), clip: 1, weightDecay: 0 });
    }
  };
  epoch();
  return () => {
    const from = process.cpuUsage();
    epoch();
    return cpuSeconds(from);
  };
}
