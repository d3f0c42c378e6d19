import { visitorKeyOf, type Instant } from '@regulars/contracts';
import type { StoredSighting, StoredVisit } from '@regulars/persistence';
import { announcedOf } from './announcements.js';
import type { Books } from './announcer.js';
import { visitorOfKey } from './documents.js';
import { persist } from './persist.js';
import type { Settlement } from './settlement.js';
import { anonymous } from './sighting-book.js';
import { visitorOf } from './sightings.js';
import type { Visit } from './visits.js';

/** Makes the visits of a customer, or of a pseudonym that ended, those of strangers. They keep counting as visits;
 *  who it was is gone. */
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
    await this.forget(customerId, this.books.sightings.ofCustomer(customerId), at);
    await this.books.attendance.removeOfCustomer(customerId);
  }

  /** The pseudonym ended: its time was over, or an operator erased it. */
  async endPseudonym(pseudonymId: string, at: Instant): Promise<void> {
    await this.forget(pseudonymId, this.books.sightings.ofPseudonym(pseudonymId), at);
  }

  private async forget(key: string, rest: AsyncIterable<StoredSighting>, at: Instant): Promise<void> {
    for await (const { visit } of this.books.visits.allOf(key)) {
      await this.settlement.exclusively(visit.storeId, key, () => this.eraseVisit(visit, key));
    }
    // What belongs to no visit yet: each sighting by itself.
    for await (const { sighting } of rest) {
      await this.anonymise(sighting.sightingId, key, sighting.sightingId);
      const { storeId, startedAt: from, lastSeenAt: to } = sighting;
      const visitor = visitorOfKey(sighting.sightingId);
      await this.settlement.settle({ storeId, visitor, from, to, happenedAt: at });
    }
  }

  private async eraseVisit(visit: Visit, key: string): Promise<void> {
    const { storeId, firstSightingId, startedAt: from, lastSeenAt: to, merged } = visit;
    const sightings = merged ? [] : await this.books.sightings.ofVisitor(storeId, key, { from, to });
    for (const { sighting } of sightings) {
      await this.anonymise(sighting.sightingId, key, firstSightingId);
    }
    await persist(visit.visitId, async () => {
      const stored = await this.books.visits.get(visit.visitId);
      if (stored && visitorKeyOf(stored.visit.visitor) === key) {
        await this.books.visits.save(withoutVisitor(stored), stored.revision);
      }
    });
  }

  private async anonymise(sightingId: string, key: string, as: string): Promise<void> {
    await persist(sightingId, async () => {
      const stored = await this.books.sightings.get(sightingId);
      const visitor = stored && visitorOf(stored.sighting);
      if (!stored || !visitor || visitorKeyOf(visitor) !== key) return;
      const sighting = anonymous(stored.sighting, as);
      const next: Omit<StoredSighting, 'revision'> = { sighting, visitorKey: as, vacated: [] };
      await this.books.sightings.save(next, stored.revision);
    });
  }
}

/** The same visit of a stranger. It is not told anew: who listens hears of the erasure itself. */
function withoutVisitor({ visit, announced }: StoredVisit): Omit<StoredVisit, 'revision'> {
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
