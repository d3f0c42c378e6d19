import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SQLITE_FILE } from '@regulars/persistence';
import { startMongoServer } from '@regulars/persistence/testing';
import { ROOT } from '../root.js';

interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Of this process alone: what the step costs on a machine that others use as well. */
  readonly cpuSeconds: number;
  /** Highest resident memory of the process during the step. */
  readonly peakMb: number;
  /** Of the store's files when it ended, its log included; null of another server's. */
  readonly diskMb: number | null;
  /** Of a step that is not done yet. */
  readonly done?: number;
}

/** Runs the steps in a process of their own, so that its memory is theirs. */
async function stepsOf(request: object): Promise<Step[]> {
  const steps: Step[] = [];
  const entry = join(ROOT, 'apps/analytics/dist/value/bench-process.js');
  const child = fork(entry, [JSON.stringify(request)], { execArgv: ['--enable-source-maps'] });
  child.on('message', (message) => {
    const step = message as Step;
    const { seconds, cpuSeconds, peakMb, diskMb, done } = step;
    const [load = 0] = loadavg();
    if (done === undefined) steps.push(step);
    const name = done === undefined ? step.step : `  ${step.step}: ${done}`;
    const figures = `${seconds.toFixed(2).padStart(9)} s ${cpuSeconds.toFixed(2).padStart(9)} s CPU`;
    const disk = diskMb === null ? '' : `, ${diskMb} MB on disk`;
    console.log(`${name.padEnd(34)} ${figures}  ${peakMb} MB${disk}  (load ${load.toFixed(1)})`);
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the process ended with ${code ?? 'a signal'}`);
  return steps;
}

/** `npm run bench -- customers --customers N --sales M [--store sqlite|mongo] [--folder DIR]`: seconds and memory
 *  of each step from an imported history of two years to forecasts. */
export async function customers(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      customers: { type: 'string', default: '10000' },
      sales: { type: 'string', default: '200000' },
      store: { type: 'string', default: 'sqlite' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const size = { customers: Number(values.customers), sales: Number(values.sales) };
  const isMongo = values.store === 'mongo';
  const dataDir = mkdtempSync(join(values.folder, 'regulars-bench-'));
  const server = isMongo ? await startMongoServer(process.env) : null;
  try {
    if (isMongo && server === null) throw new Error('no MongoDB server on this machine');
    const mongoUri = server?.uriOf(`bench_${Date.now()}`) ?? null;
    const steps = await stepsOf({ ...size, dataDir, mongoUri });
    const storeMb = server ? null : Math.round(statSync(join(dataDir, SQLITE_FILE)).size / 2 ** 20);
    const peakMb = Math.max(...steps.map((step) => step.peakMb));
    const [stored] = steps;
    const storedPerSecond = Math.round(size.sales / (stored?.seconds ?? NaN));
    console.log(JSON.stringify({ store: values.store, ...size, storedPerSecond, steps, peakMb, storeMb }));
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
