import { parseArgs } from 'node:util';
import { bestKernelKind } from '@regulars/customer-value';
import { percentile } from '../percentile.js';
import { ownEpochs, SIZE } from './epochs.js';
import { openPyTorch, type PyTorch } from './pytorch.js';
import { measureServing } from './serving.js';

const HIDDEN = [32, 64] as const;

/** Of the epochs of one network. */
interface Timing {
  readonly hidden: number;
  readonly own: number[];
  readonly pyTorch: number[];
}

/** `npm run bench -- lstm [--python PATH] [--repeats 9]`: CPU seconds of an epoch of training beside PyTorch, both on
 *  one thread and turn about, and customers served a second. Medians count: the machine may have other work. */
export async function lstm(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { python: { type: 'string' }, repeats: { type: 'string', default: '9' } },
  });
  const pyTorch = await openPyTorch(values.python);
  const { sequences, steps, inputs, batch } = SIZE;
  console.log(
    `${sequences} x ${steps} x ${inputs}, batches of ${batch}; Node ${process.version}, ${await bestKernelKind()}`,
  );
  console.log(pyTorch === null ? 'no python3 with torch' : `PyTorch ${pyTorch.version}`);
  try {
    const timings = await timingsOf(pyTorch, Number(values.repeats));
    const serving = [];
    for (const hidden of HIDDEN) serving.push(await measureServing(hidden, 5));
    for (const timing of timings) printTiming(timing);
    for (const { hidden, customersPerSecond, singlesPerSecond, difference } of serving)
      console.log(
        `h${hidden} served: ${JSON.stringify({ customersPerSecond, singlesPerSecond, difference })}`,
      );
    const byHidden = (of: (timing: Timing) => number | null) =>
      Object.fromEntries(timings.map((timing) => [`h${timing.hidden}`, of(timing)]));
    console.log(
      JSON.stringify({
        cpuSecondsPerEpoch: byHidden(({ own }) => round(median(own))),
        ratioToPyTorch: byHidden((timing) => ratioOf(timing, median)),
        pyTorchCpuSecondsPerEpoch: byHidden((timing) => (pyTorch ? round(median(timing.pyTorch)) : null)),
        ratioOfMinima: byHidden((timing) => ratioOf(timing, (of) => Math.min(...of))),
        repeats: Number(values.repeats),
        pyTorch: pyTorch?.version ?? null,
        serving,
      }),
    );
  } finally {
    pyTorch?.stop();
  }
}

async function timingsOf(pyTorch: PyTorch | null, repeats: number): Promise<Timing[]> {
  const rows = [];
  for (const hidden of HIDDEN) rows.push({ hidden, epoch: await ownEpochs(hidden), own: [], pyTorch: [] });
  const timings: (Timing & { readonly epoch: () => number })[] = rows;
  for (let repeat = 0; repeat < repeats; repeat += 1)
    for (const timing of timings) {
      timing.own.push(timing.epoch());
      if (pyTorch !== null) timing.pyTorch.push(await pyTorch.epoch(timing.hidden));
    }
  return timings;
}

function printTiming({ hidden, own, pyTorch }: Timing): void {
  const words = (of: number[]) => `median ${round(median(of))} s, least ${round(Math.min(...of))} s`;
  console.log(`h${hidden}: ${words(own)}${pyTorch.length > 0 ? `; PyTorch ${words(pyTorch)}` : ''}`);
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function ratioOf({ own, pyTorch }: Timing, of: (values: number[]) => number): number | null {
  return pyTorch.length === 0 ? null : round(of(own) / of(pyTorch));
}
