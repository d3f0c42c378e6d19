import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SQLITE_FILE } from '@regulars/persistence';
import { startMongoServer } from '@regulars/persistence/testing';
import { ROOT } from '../root.js';

interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Highest resident memory of the process during the step. */
  readonly peakMb: number;
}

/** Runs the steps in a process of their own, so that its memory is theirs. */
async function stepsOf(request: object): Promise<Step[]> {
  const steps: Step[] = [];
  const entry = join(ROOT, 'apps/analytics/dist/value/bench-process.js');
  const child = fork(entry, [JSON.stringify(request)], { execArgv: ['--enable-source-maps'] });
  child.on('message', (message) => {
    const step = message as Step;
    steps.push(step);
    console.log(`${step.step.padEnd(28)} ${step.seconds.toFixed(2).padStart(9)} s  ${step.peakMb} MB`);
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the process ended with ${code ?? 'a signal'}`);
  return steps;
}

/** `npm run bench -- customers --customers N --sales M [--mode sqlite|mongo] [--folder DIR]`: seconds and memory
 *  of each step from sales to forecasts over a synthetic history of two years. */
export async function customers(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      customers: { type: 'string', default: '10000' },
      sales: { type: 'string', default: '200000' },
      mode: { type: 'string', default: 'sqlite' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const size = { customers: Number(values.customers), sales: Number(values.sales) };
  const dataDir = mkdtempSync(join(values.folder, 'regulars-bench-'));
  const server = values.mode === 'mongo' ? await startMongoServer(process.env) : null;
  try {
    if (values.mode === 'mongo' && server === null) throw new Error('no MongoDB server on this machine');
    const mongoUri = server?.uriOf(`bench_${Date.now()}`) ?? null;
    const steps = await stepsOf({ ...size, dataDir, mongoUri });
    const storeMb = server ? null : Math.round(statSync(join(dataDir, SQLITE_FILE)).size / 2 ** 20);
    const peakMb = Math.max(...steps.map((step) => step.peakMb));
    console.log(JSON.stringify({ mode: values.mode, ...size, steps, peakMb, storeMb }));
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
