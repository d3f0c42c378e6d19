import { Worker } from 'node:worker_threads';
import { RegularsError } from '@regulars/contracts';
import type { Forecaster, ForecastOfCustomer } from '@regulars/customer-value';
import { workerEntry } from './fit-thread.js';
import type { SeriesColumns, TrainingMessage, TrainingRequest } from './training-worker.js';

/** Trains a forecaster in a thread of its own, which then makes the forecasts with it. One request at a time. */
export class TrainingThread {
  private readonly worker = new Worker(workerEntry('training-worker'), { execArgv: [] });
  private progress: (share: number, step: string) => void = () => undefined;

  /** @param signal ends the thread: whatever is waited for is then rejected with its reason */
  constructor(private readonly signal: AbortSignal) {
    this.signal.addEventListener('abort', this.end, { once: true });
    // An error between two requests is met by the next one, which finds the thread ended.
    this.worker.on('error', () => undefined);
  }

  private readonly end = () => void this.worker.terminate();

  /** @throws whatever the thread threw; the signal's reason */
  async train(series: SeriesColumns, progress: (share: number, step: string) => void): Promise<Forecaster> {
    this.progress = progress;
    const told = await this.ask({ kind: 'train', series });
    if (told.kind !== 'trained') throw outOfTurn(told);
    return told.forecaster;
  }

  /** Forecasts by what was trained. @throws whatever the thread threw; the signal's reason */
  async forecast(series: SeriesColumns): Promise<readonly ForecastOfCustomer[]> {
    const told = await this.ask({ kind: 'forecast', series });
    if (told.kind !== 'forecasts') throw outOfTurn(told);
    return told.forecasts;
  }

  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.end);
    await this.worker.terminate();
  }

  private ask(request: TrainingRequest): Promise<Exclude<TrainingMessage, { kind: 'progress' }>> {
    this.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (message: TrainingMessage) => {
        if (message.kind === 'progress') this.progress(message.share, message.step);
        else settle(() => resolve(message));
      };
      const onError = (error: unknown) => settle(() => reject(error));
      const onExit = () =>
        settle(() =>
          reject(
            this.signal.aborted
              ? this.signal.reason
              : new RegularsError('INTERNAL', { reason: 'the training thread ended' }),
          ),
        );
      this.worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.worker.postMessage(request);
    });
  }
}

function outOfTurn({ kind }: TrainingMessage): RegularsError {
  return new RegularsError('INTERNAL', { reason: `the training thread answered with ${kind}` });
}
