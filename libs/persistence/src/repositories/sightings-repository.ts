import { CameraId, CustomerId, Instant, PseudonymId, SightingId, StoreId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';
import { saveRevision } from './revisions.js';

/** Crops of one sighting that are kept at most; analytics thins them out evenly (its CROPS_KEPT). */
const MOST_CROPS = 64;

/** All that is known of one sighting, joined from its events by analytics. */
export const SightingRecord = z.strictObject({
  sightingId: SightingId,
  storeId: StoreId,
  cameraId: CameraId,
  startedAt: Instant,
  /** The last evidence of the person. */
  lastSeenAt: Instant,
  hasEnded: z.boolean(),
  isCountOnly: z.boolean(),
  /** Customer null: a stranger, perhaps with a pseudonym. Null itself: nobody was decided. */
  decision: z
    .strictObject({
      customerId: CustomerId.nullable(),
      pseudonymId: PseudonymId.optional(),
      decidedAt: Instant,
      isFinal: z.boolean(),
    })
    .nullable(),
  crops: z
    .array(z.strictObject({ capturedAt: Instant, score: z.number().min(0).max(1).nullable() }).readonly())
    .max(MOST_CROPS)
    .readonly(),
  anonymousAs: SightingId.nullable(),
});
export type SightingRecord = Readonly<z.infer<typeof SightingRecord>>;

const SightingDocument = z.strictObject({
  ...SightingRecord.omit({ sightingId: true }).shape,
  _id: SightingId,
  /** Whose visit it belongs to: customer, pseudonym or sighting id; null while that cannot be said. */
  visitorKey: z.string().nullable(),
  /** Whose it was before and whose visits are not yet settled without it. */
  vacated: z.array(z.string()).readonly(),
  revision: z.int().min(1),
});
type SightingDocument = z.infer<typeof SightingDocument>;
const FIELDS = Object.keys(SightingDocument.shape);

/** What was read, with what is needed to save it again. */
export interface StoredSighting {
  readonly sighting: SightingRecord;
  readonly visitorKey: string | null;
  readonly vacated: readonly string[];
  readonly revision: number;
}

const SIGHTINGS: CollectionSpec = {
  name: 'sightings',
  indexes: [
    { name: 'visitor', fields: ['storeId', 'visitorKey', 'lastSeenAt'] },
    { name: 'camera', fields: ['cameraId', 'startedAt'] },
    { name: 'customer', fields: ['decision.customerId', 'startedAt'] },
    { name: 'pseudonym', fields: ['decision.pseudonymId', 'startedAt'] },
    { name: 'age', fields: ['lastSeenAt'] },
  ],
};

function storedOf(document: SightingDocument): StoredSighting {
  const { _id, visitorKey, vacated, revision, ...rest } = document;
  return { sighting: { sightingId: _id, ...rest }, visitorKey, vacated, revision };
}

/** Passes of people before cameras, with the scores of their crops. */
export class SightingsRepository {
  private readonly sightings: Collection<SightingDocument>;

  constructor(store: DocumentStore) {
    this.sightings = store.collection(SIGHTINGS);
  }

  async get(sightingId: string): Promise<StoredSighting | null> {
    const document = await this.sightings.get(sightingId);
    return document && storedOf(document);
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(stored: Omit<StoredSighting, 'revision'>, expected: number | null): Promise<StoredSighting> {
    const { sighting, visitorKey, vacated } = stored;
    const { sightingId, ...rest } = sighting;
    const document = SightingDocument.parse({ _id: sightingId, ...rest, visitorKey, vacated, revision: 1 });
    return storedOf(await saveRevision(this.sightings, document, expected, FIELDS));
  }

  /** A visitor's sightings in a store that touch the time, by the time they were last seen.
   *  @param time both ends belong to it */
  async ofVisitor(
    storeId: string,
    visitorKey: string,
    time: { from: Instant; to: Instant },
  ): Promise<StoredSighting[]> {
    const found: StoredSighting[] = [];
    const where = { storeId, visitorKey, lastSeenAt: { gte: time.from } };
    const filter = { startedAt: { lte: time.to } };
    for await (const document of this.sightings.each({ where, filter, limit: 500 }))
      found.push(storedOf(document));
    return found;
  }

  /** Sightings of a store whose visitor is known, by when they were last seen.
   *  @param time `to` no longer belongs to it */
  async *lastSeenIn(storeId: string, time: { from: Instant; to: Instant }): AsyncGenerator<StoredSighting> {
    const where = { lastSeenAt: { gte: time.from, lt: time.to } };
    for await (const document of this.sightings.each({ where, filter: { storeId }, limit: 500 }))
      if (document.visitorKey !== null) yield storedOf(document);
  }

  /** All sightings decided as a customer, oldest first: for an erasure or an export. */
  async *ofCustomer(customerId: string): AsyncGenerator<StoredSighting> {
    for await (const document of this.sightings.each({
      where: { 'decision.customerId': customerId },
      limit: 500,
    }))
      yield storedOf(document);
  }

  /** All sightings that a pseudonym stands for, oldest first. */
  async *ofPseudonym(pseudonymId: string): AsyncGenerator<StoredSighting> {
    const where = { 'decision.pseudonymId': pseudonymId };
    for await (const document of this.sightings.each({ where, limit: 500 })) yield storedOf(document);
  }

  /** Sightings of one camera that began in the time, oldest first. @param time `to` no longer belongs to it */
  async *ofCamera(cameraId: string, time: { from: Instant; to: Instant }): AsyncGenerator<StoredSighting> {
    const where = { cameraId, startedAt: { gte: time.from, lt: time.to } };
    for await (const document of this.sightings.each({ where, limit: 500 })) yield storedOf(document);
  }

  /** Retention: removes what was last seen before. @returns how many */
  deleteBefore(instant: Instant): Promise<number> {
    return this.sightings.deleteWhere({ lastSeenAt: { lt: instant } });
  }
}
