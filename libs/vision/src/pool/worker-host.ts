import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { messageOf, RegularsError, TransientError, type Log } from '@regulars/contracts';
import type {
  Answer,
  CallMessage,
  CallName,
  Readiness,
  RequestOf,
  VisionHost,
  WorkerMessage,
} from './calls.js';
import { fromErrorMessage } from './error-message.js';
import { ownedBuffers } from './transfer.js';
import type { WorkerOptions } from './worker.js';

/** A worker that died is started anew after this long, twice as long each time it fails again. */
const RESTART_MS = { first: 200, longest: 10_000 } as const;
/** A worker that has not finished what it had in hand by then is ended. */
const CLOSE_MS = 5_000;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: RegularsError): void;
}

/** The compiled worker: beside this file, or in `dist` when this file runs from source. */
function workerEntry(): URL {
  const beside = new URL('./worker.js', import.meta.url);
  if (existsSync(beside)) return beside;
  const built = new URL('../../dist/pool/worker.js', import.meta.url);
  if (existsSync(built)) return built;
  throw new RegularsError('INTERNAL', { missing: 'libs/vision/dist/pool/worker.js', run: 'npm run build' });
}

/** Runs a set of models in a worker thread, and starts another when it dies. */
export class WorkerHost implements VisionHost {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private ready: Readiness | null = null;
  private nextId = 1;
  private restartMs: number = RESTART_MS.first;
  private restart: NodeJS.Timeout | null = null;
  private isClosing = false;

  private constructor(
    private readonly options: Omit<WorkerOptions, 'generation'>,
    private readonly log: Log,
    private readonly entry: URL,
  ) {}

  /** @param entry file that the thread runs
   *  @throws RegularsError as VisionEngine.open does */
  static async open(
    options: Omit<WorkerOptions, 'generation'>,
    log: Log,
    entry: URL = workerEntry(),
  ): Promise<WorkerHost> {
    const host = new WorkerHost(options, log, entry);
    await host.start();
    return host;
  }

  get readiness(): Readiness {
    if (this.ready === null) throw new RegularsError('VISION_WORKER_LOST');
    return this.ready;
  }

  get load(): number {
    return this.waiting.size;
  }

  fault(): string | null {
    return this.worker === null ? 'VISION_WORKER_LOST' : null;
  }

  /** The request's arrays of numbers go to the worker and are empty here afterwards. */
  call<Name extends CallName>(name: Name, request: RequestOf<Name>): Promise<Answer<Name>> {
    const { worker } = this;
    if (worker === null) return Promise.reject(new TransientError('VISION_WORKER_LOST'));
    const id = this.nextId++;
    return new Promise<Answer<Name>>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, name, request } satisfies CallMessage, ownedBuffers(request));
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    if (this.restart !== null) clearTimeout(this.restart);
    const { worker } = this;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close');
    const giveUp = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await ended;
    clearTimeout(giveUp);
  }

  private start(): Promise<void> {
    const options: WorkerOptions = { ...this.options, generation: randomUUID() };
    // The worker is compiled; flags that make this process run from source are not for it.
    const worker = new Worker(this.entry, { workerData: options, execArgv: [] });
    return new Promise((resolve, reject) => {
      let reason = 'it ended by itself';
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') {
          this.worker = worker;
          this.ready = message.readiness;
          this.restartMs = RESTART_MS.first;
          resolve();
        } else if (message.kind === 'refused') {
          reject(fromErrorMessage(message.error));
        } else {
          this.settle(message);
        }
      });
      worker.on('error', (error) => {
        reason = messageOf(error);
      });
      worker.on('exit', () => {
        reject(new TransientError('VISION_WORKER_LOST', { reason }));
        if (this.worker === worker) this.lose(reason);
      });
    });
  }

  private settle(message: Extract<WorkerMessage, { id: number }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answered') waiting?.resolve(message.answer);
    else waiting?.reject(fromErrorMessage(message.error));
  }

  private lose(reason: string): void {
    this.worker = null;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(new TransientError('VISION_WORKER_LOST', { reason }));
    if (this.isClosing) return;
    this.log.error({ reason, callsLost: lost.length }, 'vision worker lost');
    this.startLater();
  }

  private startLater(): void {
    this.restart = setTimeout(() => {
      this.start().then(
        () => this.log.info({}, 'vision worker is back'),
        (error: unknown) => {
          this.log.error({ reason: messageOf(error) }, 'vision worker does not start');
          if (!this.isClosing) this.startLater();
        },
      );
    }, this.restartMs);
    this.restartMs = Math.min(this.restartMs * 2, RESTART_MS.longest);
  }
}
