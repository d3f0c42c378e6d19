import type { Instant } from '@regulars/contracts';
import type { StoredSighting, StoredVisit } from '@regulars/persistence';
import { announcedOf } from './announcements.js';
import type { Books } from './announcer.js';
import { visitorOfKey } from './documents.js';
import { persist } from './persist.js';
import type { Settlement } from './settlement.js';
import { anonymous } from './sighting-book.js';
import type { Visit } from './visits.js';

/** Makes a customer's visits those of strangers. They keep counting as visits; who it was is gone. */
export class Erasure {
  constructor(
    private readonly books: Books,
    private readonly settlement: Settlement,
  ) {}

  /** Erases what was written of a customer while they were being erased. */
  async eraseLate(customerId: string, at: Instant): Promise<void> {
    if (await this.books.customers.isErased(customerId)) await this.erase(customerId, at);
  }

  /** May be repeated, and goes on where a process died. */
  async erase(customerId: string, at: Instant): Promise<void> {
    for await (const { visit } of this.books.visits.allOf(customerId)) {
      await this.settlement.exclusively(visit.storeId, customerId, () => this.eraseVisit(visit, customerId));
    }
    // What belongs to no visit yet: each sighting by itself.
    for await (const { sighting } of this.books.sightings.ofCustomer(customerId)) {
      await this.anonymise(sighting.sightingId, customerId, sighting.sightingId);
      const { storeId, startedAt: from, lastSeenAt: to } = sighting;
      const visitor = visitorOfKey(sighting.sightingId);
      await this.settlement.settle({ storeId, visitor, from, to, happenedAt: at });
    }
    await this.books.attendance.removeOfCustomer(customerId);
  }

  private async eraseVisit(visit: Visit, customerId: string): Promise<void> {
    const { storeId, firstSightingId, startedAt: from, lastSeenAt: to, merged } = visit;
    const sightings = merged ? [] : await this.books.sightings.ofVisitor(storeId, customerId, { from, to });
    for (const { sighting } of sightings) {
      await this.anonymise(sighting.sightingId, customerId, firstSightingId);
    }
    await persist(visit.visitId, async () => {
      const stored = await this.books.visits.get(visit.visitId);
      if (stored && stored.visit.visitor.kind === 'customer') {
        await this.books.visits.save(withoutCustomer(stored), stored.revision);
      }
    });
  }

  private async anonymise(sightingId: string, customerId: string, as: string): Promise<void> {
    await persist(sightingId, async () => {
      const stored = await this.books.sightings.get(sightingId);
      if (stored?.sighting.decision?.customerId !== customerId) return;
      const sighting = anonymous(stored.sighting, as);
      const next: Omit<StoredSighting, 'revision'> = { sighting, visitorKey: as, vacated: [] };
      await this.books.sightings.save(next, stored.revision);
    });
  }
}

/** The same visit of a stranger. It is not told anew: who listens hears of the erasure itself. */
function withoutCustomer({ visit, announced }: StoredVisit): Omit<StoredVisit, 'revision'> {
  const { firstSightingId } = visit;
  const erased: Visit = {
    ...visit,
    visitor: { kind: 'stranger', sightingId: firstSightingId },
    days: [],
  };
  const told = announced.started || announced.mergedInto !== null;
  return {
    visit: erased,
    announced: { ...(told ? announcedOf(erased, announced) : announced), days: [], countedAt: null },
    isDue: !told,
  };
}
