import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { RegularsError } from '@regulars/contracts';
import type { FitInput, Fitted } from './forecast-fit.js';
import type { WorkerMessage } from './forecast-worker.js';

/** A compiled worker of this folder: beside this file, or in `dist` when this file runs from source. */
export function workerEntry(name: 'forecast-worker' | 'training-worker'): URL {
  const beside = new URL(`./${name}.js`, import.meta.url);
  if (existsSync(beside)) return beside;
  const built = new URL(`../../dist/value/${name}.js`, import.meta.url);
  if (existsSync(built)) return built;
  throw new RegularsError('INTERNAL', {
    missing: `apps/analytics/dist/value/${name}.js`,
    run: 'npm run build',
  });
}

/** Fits in a thread of its own, so that events are handled meanwhile.
 *  @param signal ends the thread
 *  @returns null when it was ended
 *  @throws whatever the thread threw */
export async function fitInThread(
  input: FitInput,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Fitted | null> {
  if (signal.aborted) return null;
  const worker = new Worker(workerEntry('forecast-worker'), { workerData: input, execArgv: [] });
  const end = () => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await new Promise<Fitted | null>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'progress') progress(message.share);
        else resolve(message.fitted);
      });
      worker.once('error', reject);
      worker.once('exit', () => resolve(null));
    });
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
  }
}
