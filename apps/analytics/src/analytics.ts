import {
  messageOf,
  type CustomerUpdated,
  type Instant,
  type Log,
  type PseudonymChanged,
  type SightingsReassigned,
} from '@regulars/contracts';
import type { Closing } from './closing.js';
import type { Erasure } from './erasure.js';
import type { SightingBook } from './sighting-book.js';
import { reassigned, type Sighting } from './sightings.js';

/** What the handlers call. */
export class Analytics {
  constructor(
    private readonly book: SightingBook,
    private readonly erasure: Erasure,
    private readonly closing: Closing,
    private readonly log: Log,
  ) {}

  /** Takes in what one event told of a sighting. */
  async take(evidence: Sighting, happenedAt: Instant): Promise<void> {
    const { storeId } = evidence;
    this.closing.heard(storeId, happenedAt);
    const visitor = await this.book.take(evidence, happenedAt);
    if (visitor?.kind === 'customer') await this.erasure.eraseLate(visitor.customerId, happenedAt);
    // The visits of others are not this event's fault; the timer tries again.
    await this.closing.afterEvent(storeId).catch((error: unknown) => {
      this.log.warn({ storeId, reason: messageOf(error) }, 'visits could not be ended');
    });
  }

  /** An operator said whose past sightings are. Of one that is not known there is nothing to move. */
  async reassign({ sightingIds, visitor, reassignedAt }: SightingsReassigned): Promise<void> {
    for (const sightingId of sightingIds) {
      const known = await this.book.get(sightingId);
      if (known !== null) await this.book.take(reassigned(known, visitor, reassignedAt), reassignedAt);
    }
  }

  async onPseudonym({ pseudonymId, change, changedAt }: PseudonymChanged): Promise<void> {
    if (change === 'removed') await this.erasure.endPseudonym(pseudonymId, changedAt);
  }

  async onCustomer({ customerId, change, updatedAt }: CustomerUpdated): Promise<void> {
    if (change === 'erased') await this.erasure.erase(customerId, updatedAt);
  }
}
