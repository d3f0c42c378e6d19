import type { LiveEvent } from '@regulars/contracts';
import type { LiveNews } from './live-event.js';

export interface Since {
  readonly epoch: string;
  readonly sequence: number;
}

/** The newest live events, numbered, for pages that come back. Numbers run over all stores: a page sees those
 *  of its own store and those that concern all. */
export class EventRing {
  private readonly kept: LiveEvent[] = [];
  private sequence = 0;

  /** @param epoch names this run of the gateway: numbers of another run mean nothing here
   *  @param capacity events that are kept */
  constructor(
    readonly epoch: string,
    private readonly capacity: number,
  ) {}

  add(news: LiveNews): LiveEvent {
    this.sequence += 1;
    const event: LiveEvent = { epoch: this.epoch, sequence: this.sequence, ...news };
    this.kept.push(event);
    if (this.kept.length > this.capacity) this.kept.shift();
    return event;
  }

  /** What a page of a store missed, oldest first.
   *  @returns null when that is not known any more: another epoch, or more events ago than are kept */
  missedSince(since: Since, storeId: string): readonly LiveEvent[] | null {
    const forgotten = this.sequence - this.kept.length;
    if (since.epoch !== this.epoch || since.sequence < forgotten || since.sequence > this.sequence)
      return null;
    return this.kept
      .slice(since.sequence - forgotten)
      .filter((event) => event.storeId === null || event.storeId === storeId);
  }

  /** Takes an erased customer's name out of what is kept. */
  forgetName(customerId: string, standIn: string): void {
    for (const [index, event] of this.kept.entries()) {
      const { payload } = event;
      if (!('who' in payload) || payload.who.kind !== 'customer' || payload.who.customerId !== customerId)
        continue;
      this.kept[index] = { ...event, payload: { ...payload, who: { ...payload.who, displayName: standIn } } };
    }
  }

  /** Where a page that connects now stands. */
  get position(): Since {
    return { epoch: this.epoch, sequence: this.sequence };
  }
}
