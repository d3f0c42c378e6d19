import { type QueueName, TransientError } from '@regulars/contracts';
import type { Handler, Subscription } from '../broker.js';
import type { Envelope } from '../envelope.js';
import { handleOnce, type HandlingContext } from '../handling.js';
import { Worker } from '../in-hand.js';
import type { Within } from './within.js';

/** Messages a work queue holds before it refuses more. */
export const MOST_WAITING = 10_000;

interface Job {
  readonly envelope: Envelope;
  readonly attempt: number;
  readonly within: readonly QueueName[];
  readonly end: (error?: Error) => void;
}

export type DeadLetterSink = (envelope: Envelope, reason: string, attempts: number) => void;

/** A work queue in one process: shared by its consumers, tried again after the queue's delays. */
export class MemoryWorkQueue {
  private readonly waiting: Job[] = [];
  private readonly delayed = new Map<NodeJS.Timeout, Job>();
  private readonly unsettled = new Map<string, Promise<void>>();
  private readonly workers = new Set<Worker>();

  constructor(
    private readonly context: HandlingContext,
    private readonly within: Within,
    private readonly bury: DeadLetterSink,
  ) {}

  /** @returns ends when the message is done or dead. A message that is in the queue already (same eventId)
   *    is not taken a second time.
   *  @throws TransientError BROKER_REFUSED when the queue is full, BROKER_UNAVAILABLE when it is closed before
   *    the message was done */
  accept(envelope: Envelope): Promise<void> {
    const known = this.unsettled.get(envelope.eventId);
    if (known !== undefined) return known;
    if (this.unsettled.size >= MOST_WAITING) {
      return Promise.reject(
        new TransientError('BROKER_REFUSED', { queue: this.context.name, reason: 'full' }),
      );
    }
    const settled = new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => {
        this.unsettled.delete(envelope.eventId);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.waiting.push({ envelope, attempt: 1, within: this.within.queues(), end });
    });
    settled.catch(() => undefined);
    this.unsettled.set(envelope.eventId, settled);
    this.wake();
    return settled;
  }

  subscribe(handler: Handler): Subscription {
    const worker = new Worker(this.context.queue.prefetch, () => {
      const job = this.waiting.shift();
      return job && (() => this.run(job, handler));
    });
    this.workers.add(worker);
    worker.wake();
    return {
      close: async (timeoutMs) => {
        this.workers.delete(worker);
        await worker.close(timeoutMs);
      },
    };
  }

  private wake(): void {
    for (const worker of this.workers) worker.wake();
  }

  private async run(job: Job, handler: Handler): Promise<void> {
    const inside = [...job.within, this.context.name];
    const { envelope, attempt } = job;
    const step = await this.within.run(inside, () => handleOnce(envelope, attempt, handler, this.context));
    if (step.kind === 'retry') {
      const timer = setTimeout(() => {
        this.delayed.delete(timer);
        this.waiting.push({ ...job, attempt: attempt + 1 });
        this.wake();
      }, step.delayMs);
      this.delayed.set(timer, job);
      return;
    }
    if (step.kind !== 'done') this.bury(envelope, step.reason, attempt);
    job.end();
  }

  /** What was not done is given back to whoever sent it. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close(timeoutMs)));
    for (const timer of this.delayed.keys()) clearTimeout(timer);
    const left = [...this.waiting.splice(0), ...this.delayed.values()];
    this.delayed.clear();
    for (const job of left) job.end(new TransientError('BROKER_UNAVAILABLE', { reason: 'closed' }));
  }
}
