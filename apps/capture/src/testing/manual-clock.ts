import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.js';

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  private readonly waiting = new Set<{ readonly at: number; readonly wake: () => void }>();

  constructor(private time = Date.parse('2026-03-01T09:00:00.000Z')) {}

  now(): number {
    return this.time;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = {
        at: this.time + ms,
        wake: () => {
          this.waiting.delete(waiter);
          signal.removeEventListener('abort', waiter.wake);
          resolve();
        },
      };
      this.waiting.add(waiter);
      signal.addEventListener('abort', waiter.wake);
    });
  }

  /** Moves on, waking those who wait in order, each with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = [...this.waiting].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.time = Math.max(this.time, due.at);
      due.wake();
      await settle();
    }
    this.time = end;
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
