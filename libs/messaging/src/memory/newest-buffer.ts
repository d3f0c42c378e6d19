import type { Envelope } from '../envelope.js';

/** Holds the newest messages: a further one drops the oldest, and one that waited too long is gone. */
export class NewestBuffer {
  private readonly waiting: { envelope: Envelope; since: number }[] = [];

  constructor(
    private readonly maxLength: number,
    private readonly ttlMs: number,
    private readonly onDrop: (envelope: Envelope) => void,
  ) {}

  push(envelope: Envelope): void {
    this.waiting.push({ envelope, since: performance.now() });
    while (this.waiting.length > this.maxLength) this.drop();
  }

  take(): Envelope | undefined {
    const oldestAllowed = performance.now() - this.ttlMs;
    while (this.waiting[0] !== undefined && this.waiting[0].since < oldestAllowed) this.drop();
    return this.waiting.shift()?.envelope;
  }

  private drop(): void {
    const dropped = this.waiting.shift();
    if (dropped !== undefined) this.onDrop(dropped.envelope);
  }
}
