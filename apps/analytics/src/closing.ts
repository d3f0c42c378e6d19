import { continuesVisit, type BlindTime, type Instant } from '@regulars/contracts';
import type { StoredVisit } from '@regulars/persistence';
import type { Books } from './announcer.js';
import { blindIn } from './camera-book.js';
import { plusMs, toInstant } from './instants.js';
import type { Settlement } from './settlement.js';
import type { StoreTimes } from './store-times.js';

/** A store's visits are looked through at most once in this much of its time. */
const LOOK_EVERY_MS = 1_000;
const MOST_AT_ONCE = 500;

/** Ends visits whose re-entry window is over, and tells what was saved but not told. */
export class Closing {
  private readonly lookedAt = new Map<string, Instant>();

  constructor(
    private readonly books: Books,
    private readonly settlement: Settlement,
    private readonly times: StoreTimes,
    private readonly reentryMs: number,
  ) {}

  /** An event of the store was heard. */
  heard(storeId: string, at: Instant): void {
    this.times.advance(storeId, at);
  }

  /** After an event: ends what the store's time has left behind. */
  async afterEvent(storeId: string): Promise<void> {
    const now = this.times.now(storeId);
    const last = this.lookedAt.get(storeId);
    if (last !== undefined && now < plusMs(last, LOOK_EVERY_MS)) return;
    this.lookedAt.set(storeId, now);
    const open = await this.books.visits.openSeenBefore(plusMs(now, -this.reentryMs), MOST_AT_ONCE);
    await this.closeOver(open.filter(({ visit }) => visit.storeId === storeId));
  }

  /** From time to time: the same for all stores while nothing is heard of them. A store unknown to this process
   *  starts at the time of the visit, so that nothing ends before the window has passed here too; the events
   *  that continue the visit may still wait in the queue.
   *  @param clockMs milliseconds since 1970 */
  async sweep(clockMs: number): Promise<void> {
    const open = await this.books.visits.openSeenBefore(toInstant(clockMs), MOST_AT_ONCE);
    for (const { visit } of open) {
      if (!this.times.knows(visit.storeId)) this.times.advance(visit.storeId, newestOf(visit.storeId, open));
    }
    await this.closeOver(open);
    for (const stored of await this.books.visits.due(MOST_AT_ONCE)) await this.settlement.announceDue(stored);
  }

  /** @param open the longest unseen first */
  private async closeOver(open: readonly StoredVisit[]): Promise<void> {
    const blindOf = new Map<string, readonly BlindTime[]>();
    for (const { visit } of open) {
      const { storeId, visitor, startedAt: from, lastSeenAt: to } = visit;
      const now = this.times.now(storeId);
      if (continuesVisit(to, now, this.reentryMs, [])) continue;
      const blind =
        blindOf.get(storeId) ?? (await blindIn(this.books.cameraChanges, storeId, { from: to, to: now }));
      blindOf.set(storeId, blind);
      if (continuesVisit(to, now, this.reentryMs, blind)) continue;
      await this.settlement.settle({ storeId, visitor, from, to, happenedAt: now });
    }
  }
}

function newestOf(storeId: string, open: readonly StoredVisit[]): Instant {
  return open
    .filter(({ visit }) => visit.storeId === storeId)
    .reduce((newest, { visit }) => (visit.lastSeenAt > newest ? visit.lastSeenAt : newest), '');
}
