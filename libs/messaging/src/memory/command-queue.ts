import { TransientError } from '@regulars/contracts';
import type { CommandHandler, Subscription } from '../broker.js';
import { answerOnce, type Reply } from '../commands.js';
import type { Envelope } from '../envelope.js';
import type { HandlingContext } from '../handling.js';
import { Worker } from '../in-hand.js';

interface Question {
  readonly envelope: Envelope;
  readonly answer: (reply: Reply) => void;
}

/** Questions waiting for one of the answering subscriptions, no longer than their asker waits. */
export class MemoryCommandQueue {
  private readonly waiting = new Set<Question>();
  private readonly workers = new Set<Worker>();

  constructor(private readonly context: HandlingContext) {}

  /** @throws TransientError REPLY_TIMEOUT */
  async ask(envelope: Envelope, timeoutMs: number): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Reply>((resolve, reject) => {
        const question = { envelope, answer: resolve };
        timer = setTimeout(() => {
          this.waiting.delete(question);
          reject(new TransientError('REPLY_TIMEOUT', { command: envelope.key, timeoutMs }));
        }, timeoutMs);
        this.waiting.add(question);
        for (const worker of this.workers) worker.wake();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  answer(handler: CommandHandler): Subscription {
    const worker = new Worker(this.context.queue.prefetch, () => {
      const [question] = this.waiting;
      if (question === undefined) return undefined;
      this.waiting.delete(question);
      return async () => {
        const reply = await answerOnce(question.envelope, handler, this.context);
        question.answer(JSON.parse(JSON.stringify(reply)) as Reply);
      };
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

  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close(timeoutMs)));
  }
}
