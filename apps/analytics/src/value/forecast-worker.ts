import { parentPort, workerData } from 'node:worker_threads';
import { fitAll, type FitInput, type Fitted } from './forecast-fit.js';

/** What the thread says: how far it is, then what it found. */
export type WorkerMessage =
  { readonly kind: 'progress'; readonly share: number } | { readonly kind: 'done'; readonly fitted: Fitted };

const say = (message: WorkerMessage) => parentPort?.postMessage(message);
say({ kind: 'done', fitted: fitAll(workerData as FitInput, (share) => say({ kind: 'progress', share })) });
