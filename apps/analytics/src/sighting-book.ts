import { visitorKeyOf, type Instant, type Visitor } from '@regulars/contracts';
import type { StoredSighting } from '@regulars/persistence';
import type { Books } from './announcer.js';
import { isSame, visitorOfKey } from './documents.js';
import { Serial } from './serial.js';
import { persist } from './persist.js';
import type { Settlement } from './settlement.js';
import { joinEvidence, visitorOf, type Sighting } from './sightings.js';

/** Takes in what is heard of sightings: joins it with what is known, saves, settles the visits of whom the
 *  sighting belongs to now and of whom it belonged to before. */
export class SightingBook {
  private readonly serial = new Serial();

  constructor(
    private readonly books: Books,
    private readonly settlement: Settlement,
  ) {}

  /** @returns whose the sighting is; null while that cannot be said
   *  @throws TransientError REVISION_CONFLICT when other replicas always were faster */
  take(evidence: Sighting, happenedAt: Instant): Promise<Visitor | null> {
    return this.serial.run(evidence.sightingId, () =>
      persist(evidence.sightingId, async () => {
        const stored = await this.record(evidence);
        if (stored.visitorKey === null) return null;
        const visitor = visitorOfKey(stored.visitorKey);
        await this.settle(stored, visitor, happenedAt);
        return visitor;
      }),
    );
  }

  /** @returns null when nothing was heard of it, or it is forgotten */
  async get(sightingId: string): Promise<Sighting | null> {
    return (await this.books.sightings.get(sightingId))?.sighting ?? null;
  }

  private async settle(stored: StoredSighting, visitor: Visitor, happenedAt: Instant): Promise<void> {
    const { storeId, startedAt: from, lastSeenAt: to } = stored.sighting;
    const around = { storeId, from, to, happenedAt };
    const visits = await this.settlement.settle({ ...around, visitor });
    if (stored.vacated.length === 0) return;
    const holder = visits.find(({ startedAt, lastSeenAt }) => startedAt <= from && to <= lastSeenAt);
    for (const key of stored.vacated) {
      const occasion = { ...around, visitor: visitorOfKey(key) };
      await this.settlement.settle(holder ? { ...occasion, movedTo: holder.visitId } : occasion);
    }
    await this.books.sightings.save({ ...stored, vacated: [] }, stored.revision);
  }

  /** @throws TransientError REVISION_CONFLICT when another replica wrote it in between */
  private async record(evidence: Sighting): Promise<StoredSighting> {
    const known = await this.books.sightings.get(evidence.sightingId);
    const sighting = await this.joined(known?.sighting, evidence);
    if (known && isSame(known.sighting, sighting)) return known;
    return this.books.sightings.save(belongingTo(sighting, known), known?.revision ?? null);
  }

  /** Evidence of a customer who was erased in the meantime is that of a stranger. How staff looked is not kept, also
   *  where it was scored before it was known who they are. */
  private async joined(known: Sighting | undefined, evidence: Sighting): Promise<Sighting> {
    const joined = known ? joinEvidence(known, evidence) : evidence;
    const visitor = visitorOf(joined);
    if (visitor?.kind !== 'customer') return joined;
    const { customers } = this.books;
    if (await customers.isErased(visitor.customerId)) return anonymous(joined, joined.sightingId);
    const isStaff = joined.crops.length > 0 && (await customers.get(visitor.customerId))?.isStaff === true;
    return isStaff ? { ...joined, crops: [] } : joined;
  }
}

/** The sighting with whose it is now and whose it was. */
function belongingTo(sighting: Sighting, known: StoredSighting | null): Omit<StoredSighting, 'revision'> {
  const visitor = visitorOf(sighting);
  const visitorKey = visitor && visitorKeyOf(visitor);
  const before = new Set(known?.vacated);
  if (known?.visitorKey) before.add(known.visitorKey);
  return { sighting, visitorKey, vacated: [...before].filter((key) => key !== visitorKey) };
}

/** The same sighting without whom it showed, for good.
 *  @param as first sighting of the visit that it belongs to */
export function anonymous(sighting: Sighting, as: string): Sighting {
  return { ...sighting, decision: null, anonymousAs: as };
}
