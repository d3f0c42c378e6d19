import type { Instant } from '@regulars/contracts';
import { toInstant } from './instants.js';

interface Heard {
  /** Time of the newest event. */
  readonly eventMs: number;
  /** When it was heard, by the clock here. */
  readonly heardMs: number;
}

/** What time it is in each store, by its events: the newest event's time, which goes on as the clock does while
 *  nothing is heard. Live that is the clock's time; of a recording that is played back it is the recording's. */
export class StoreTimes {
  private readonly heard = new Map<string, Heard>();

  /** @param clock milliseconds since 1970 */
  constructor(private readonly clock: () => number) {}

  /** An event of the store was heard. One from the future (a camera host whose clock is ahead) counts as now, so
   *  that it does not end the visits of everybody else. */
  advance(storeId: string, at: Instant): void {
    const heardMs = this.clock();
    const eventMs = Math.min(Date.parse(at), heardMs);
    const known = this.heard.get(storeId);
    if (!known || eventMs > known.eventMs) this.heard.set(storeId, { eventMs, heardMs });
  }

  /** Before anything was heard it is the beginning of time: nothing is over yet. */
  now(storeId: string): Instant {
    const known = this.heard.get(storeId);
    return toInstant(known ? known.eventMs + Math.max(0, this.clock() - known.heardMs) : 0);
  }

  /** Stores of which something was heard. */
  stores(): string[] {
    return [...this.heard.keys()];
  }

  knows(storeId: string): boolean {
    return this.heard.has(storeId);
  }
}
