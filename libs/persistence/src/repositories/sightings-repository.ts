import type { Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

/** All that analytics knows of one sighting; `_id` is the sighting's id. No face and no embedding is in it. */
export interface SightingDocument extends Document {
  readonly storeId: string;
  readonly cameraId: string;
  readonly startedAt: Instant;
  /** Last evidence of the person. */
  readonly lastSeenAt: Instant;
  readonly hasEnded: boolean;
  readonly isCountOnly: boolean;
  /** Null customer: a stranger. Null: nobody was decided. */
  readonly decision: {
    readonly customerId: string | null;
    readonly decidedAt: Instant;
    readonly isFinal: boolean;
  } | null;
  readonly crops: readonly { readonly capturedAt: Instant; readonly score: number | null }[];
  /** After an erasure: the sighting whose stranger it belongs to. */
  readonly anonymousAs: string | null;
  /** Whose it is: a customer's id, or a sighting's id for a stranger; null while that cannot be said. */
  readonly visitorKey: string | null;
  /** Visitors it belonged to before and whose visits are not yet settled without it. */
  readonly vacated: readonly string[];
  /** Rises with every change. */
  readonly revision: number;
}

const SPEC: CollectionSpec = {
  name: 'sightings',
  indexes: [
    { name: 'visitor', fields: ['storeId', 'visitorKey', 'startedAt'] },
    { name: 'everywhere', fields: ['visitorKey'] },
  ],
};

const PAGE = 500;

export class SightingsRepository {
  private readonly sightings: Collection<SightingDocument>;

  constructor(store: DocumentStore) {
    this.sightings = store.collection<SightingDocument>(SPEC);
  }

  get(sightingId: string): Promise<SightingDocument | null> {
    return this.sightings.get(sightingId);
  }

  /** Writes a sighting that was read at an earlier revision (0: there was none).
   *  @returns false when somebody else wrote it in between */
  async replace(sighting: SightingDocument, readRevision: number): Promise<boolean> {
    if (readRevision === 0) return this.sightings.insertOnce(sighting);
    const { _id, ...fields } = sighting;
    const options = { where: { revision: readRevision } };
    return (await this.sightings.update(_id, { set: fields }, options)) !== null;
  }

  /** Sightings of a visitor that began within a range, its ends included, in order of time. */
  async ofVisitor(
    storeId: string,
    visitorKey: string,
    range: { from: Instant; to: Instant },
  ): Promise<SightingDocument[]> {
    const where = { storeId, visitorKey, startedAt: { gte: range.from, lte: range.to } };
    const found: SightingDocument[] = [];
    for await (const sighting of this.sightings.each({ where, limit: PAGE })) found.push(sighting);
    return found;
  }

  /** The visitor's first sighting that began within a range, its end excluded. */
  async firstOfVisitor(
    storeId: string,
    visitorKey: string,
    range: { from: Instant; to: Instant },
  ): Promise<SightingDocument | null> {
    const where = { storeId, visitorKey, startedAt: { gte: range.from, lt: range.to } };
    const { items } = await this.sightings.find({ where, sort: [['startedAt', 'asc']], limit: 1 });
    return items[0] ?? null;
  }

  /** All sightings of a visitor in all stores. */
  everywhere(visitorKey: string): AsyncGenerator<SightingDocument> {
    return this.sightings.each({ where: { visitorKey }, limit: PAGE });
  }
}
