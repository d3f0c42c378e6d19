import { messageOf, TransientError, type Log } from '@regulars/contracts';

/** Writes that wait while the store is away; the oldest are given up beyond. */
const MOST_WAITING = 2_000;

/** Writes in order, without anybody waiting for them. What fails because the store or the broker is away is tried
 *  again with the next write; what can never be written is told and left out. */
export class WriteQueue {
  private waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> = Promise.resolve();
  private complaint: string | null = null;

  constructor(private readonly log: Log) {}

  get length(): number {
    return this.waiting.length;
  }

  add(work: () => Promise<void>): void {
    this.waiting.push(work);
    if (this.waiting.length > MOST_WAITING) {
      this.waiting.shift();
      this.log.error({ waiting: MOST_WAITING }, 'strangers were not stored: too many wait');
    }
    this.flush();
  }

  /** Tries once more what waits. */
  flush(): void {
    this.running = this.running.then(() => this.run());
  }

  /** Resolves when what was added before was tried. */
  async settled(): Promise<void> {
    this.flush();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      try {
        await next();
        this.complaint = null;
      } catch (error) {
        const reason = messageOf(error);
        if (this.complaint !== reason) this.log.warn({ reason }, 'a stranger could not be stored');
        this.complaint = reason;
        if (error instanceof TransientError) return;
      }
      this.waiting.shift();
    }
  }
}
