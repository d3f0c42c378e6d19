import { performance } from 'node:perf_hooks';
import { openKernels, type KernelKind } from './kernels.js';
import { LstmNetwork, type LstmCapacity } from './network.js';
import { canPair } from './paired.js';
import { hasRelaxedSimd } from './relaxed-simd.js';
import { initialParameters, type LstmShape } from './shape.js';

/** What the kinds are compared on: a block of eight rows, one of four and a row, a strip of inputs filled in part. */
const TRIAL: LstmShape = { inputs: 13, hidden: 32, outputs: 8 };
const TRIAL_ROWS = Uint8Array.from({ length: 61 }, (_, row) => row);
const TRIAL_STEPS = 4;
const RACES = 5;

let best: Promise<KernelKind> | null = null;

/** The quickest kind that this process runs. */
export function bestKernelKind(): Promise<KernelKind> {
  return (best ??= chooseKind());
}

/** @param kind the best of this Node where absent
 *  @throws WebAssembly's CompileError where this Node does not run that kind */
export async function openNetwork(
  shape: LstmShape,
  capacity: LstmCapacity,
  parameters: ArrayLike<number>,
  kind?: KernelKind,
): Promise<LstmNetwork> {
  return new LstmNetwork(await openKernels(kind ?? (await bestKernelKind())), shape, capacity, parameters);
}

async function chooseKind(): Promise<KernelKind> {
  if (!hasRelaxedSimd()) return 'simd';
  if (!canPair()) return 'relaxed-simd';
  const [wide, narrow] = [await trialOf('wide-simd'), await trialOf('relaxed-simd')];
  const isSame = Buffer.compare(wide.digits(), narrow.digits()) === 0;
  return isSame && wide.leastMs() < narrow.leastMs() ? 'wide-simd' : 'relaxed-simd';
}

/** One batch forwards and backwards: what it computes, and how long it takes. On a processor without 256-bit registers
 *  V8 makes no pairs, and the wide kind is the slower one. */
async function trialOf(kind: KernelKind) {
  const parameters = initialParameters(TRIAL, 1).fill(0.01, -TRIAL.outputs);
  const network = await openNetwork(
    TRIAL,
    { batch: TRIAL_ROWS.length, steps: TRIAL_STEPS },
    parameters,
    kind,
  );
  const sequences = Float32Array.from(
    { length: TRIAL_ROWS.length * TRIAL_STEPS * TRIAL.inputs },
    (_, at) => ((at * 7919) % 1009) / 500 - 1,
  );
  const run = (): void => {
    const outputs = network.forward(sequences, TRIAL_ROWS, TRIAL_STEPS);
    network.outputSlopes.set(outputs);
    network.backward(TRIAL_ROWS.length, TRIAL_STEPS);
  };
  return {
    digits: (): Buffer => {
      network.slopes.fill(0);
      run();
      return Buffer.from(network.slopes.slice().buffer);
    },
    leastMs: (): number => {
      let least = Infinity;
      for (let race = 0; race < RACES; race += 1) {
        const from = performance.now();
        run();
        least = Math.min(least, performance.now() - from);
      }
      return least;
    },
  };
}
