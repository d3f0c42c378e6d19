import { messageOf, type Log } from '@regulars/contracts';

/** Runs work again and again with a pause in between, never twice at once; a failure is logged and the next
 *  round comes all the same. */
export class Sweeper {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly work: () => Promise<void>,
    private readonly pauseMs: number,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.round = this.run();
    }, this.pauseMs);
  }

  /** @returns when the round in hand is over */
  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.round;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'visits could not be looked through');
    }
    if (this.timer) this.start();
  }
}
