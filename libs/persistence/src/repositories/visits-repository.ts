import type { CalendarDay, Instant, Visitor, VisitQuery, VisitSatisfaction } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore, Page, Where } from '../document-store.js';

/** A visit; `_id` is the visit's id. */
export interface VisitDocument extends Document {
  readonly storeId: string;
  readonly visitor: Visitor;
  /** The customer's id, or the sighting's id of a stranger. */
  readonly visitorKey: string;
  /** `merged`: later evidence showed that it is part of another visit; it no longer counts. */
  readonly status: 'open' | 'closed' | 'merged';
  /** False once merged. */
  readonly counts: boolean;
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
  /** Null while open. */
  readonly endedAt: Instant | null;
  readonly firstCameraId: string;
  readonly cameraIds: readonly string[];
  readonly sightings: number;
  readonly satisfaction: VisitSatisfaction;
  /** Days attended, for a customer. */
  readonly days: readonly { readonly day: CalendarDay; readonly firstSeenAt: Instant }[];
  readonly merged: { readonly into: string; readonly at: Instant } | null;
  /** How often it came back after it had been merged. */
  readonly generation: number;
  /** What was told of it and entered elsewhere. */
  readonly announced: {
    readonly started: boolean;
    readonly endedEventId: string | null;
    readonly mergedInto: string | null;
    readonly days: readonly { readonly day: CalendarDay; readonly firstSeenAt: Instant }[];
    /** Start with which it stands in the customer's counters. */
    readonly countedFrom: Instant | null;
  };
  /** Something is still to be told or entered. */
  readonly isDue: boolean;
  /** Of the visitor when it was written: a later one is newer. */
  readonly revision: number;
}

const SPEC: CollectionSpec = {
  name: 'visits',
  indexes: [
    { name: 'visitor', fields: ['storeId', 'visitorKey', 'startedAt'] },
    { name: 'all', fields: ['counts', 'startedAt'] },
    { name: 'store', fields: ['counts', 'storeId', 'startedAt'] },
    { name: 'customer', fields: ['counts', 'visitorKey', 'startedAt'] },
    { name: 'customer-in-store', fields: ['counts', 'visitorKey', 'storeId', 'startedAt'] },
    { name: 'status', fields: ['status', 'startedAt'] },
    { name: 'status-in-store', fields: ['status', 'storeId', 'startedAt'] },
    { name: 'due', fields: ['isDue'] },
  ],
};

const PAGE = 500;

export class VisitsRepository {
  private readonly visits: Collection<VisitDocument>;

  constructor(store: DocumentStore) {
    this.visits = store.collection<VisitDocument>(SPEC);
  }

  /** Visits that count, the newest first. `open` together with `customerId` looks at the customer's newest
   *  visits only: at most one is open in a store. */
  async list(query: VisitQuery): Promise<Page<VisitDocument>> {
    const { storeId, customerId, open, from, to, limit, cursor } = query;
    const byStatus = open !== undefined && customerId === undefined;
    const where: Where = {
      ...(byStatus ? { status: open ? 'open' : 'closed' } : { counts: true }),
      ...(customerId === undefined ? {} : { visitorKey: customerId }),
      ...(storeId === undefined ? {} : { storeId }),
      ...(from === undefined && to === undefined
        ? {}
        : { startedAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
    };
    const page = await this.visits.find({
      where,
      sort: [['startedAt', 'desc']],
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (byStatus || open === undefined) return page;
    return { ...page, items: page.items.filter(({ status }) => (status === 'open') === open) };
  }

  get(visitId: string): Promise<VisitDocument | null> {
    return this.visits.get(visitId);
  }

  /** Visits of a visitor that began up to an instant, merged ones too, the latest first. */
  async *ofVisitor(storeId: string, visitorKey: string, upTo: Instant): AsyncGenerator<VisitDocument> {
    const where = { storeId, visitorKey, startedAt: { lte: upTo } };
    yield* this.visits.each({ where, sort: [['startedAt', 'desc']], limit: 20 });
  }

  /** Writes a visit unless a newer revision of it stands there.
   *  @returns whether it was written */
  async writeNewer(visit: VisitDocument): Promise<boolean> {
    const { _id, ...fields } = visit;
    const options = { where: { revision: { lt: visit.revision } }, insert: {} };
    return (await this.visits.update(_id, { set: fields }, options)) !== null;
  }

  /** Notes what was told of a visit, unless it was written anew in between. */
  async noteAnnounced(
    visitId: string,
    revision: number,
    announced: VisitDocument['announced'],
  ): Promise<void> {
    await this.visits.update(visitId, { set: { announced, isDue: false } }, { where: { revision } });
  }

  open(): AsyncGenerator<VisitDocument> {
    return this.visits.each({ where: { status: 'open' }, limit: PAGE });
  }

  openIn(storeId: string): AsyncGenerator<VisitDocument> {
    return this.visits.each({ where: { status: 'open', storeId }, limit: PAGE });
  }

  /** Visits of which something is still to be told. */
  due(): AsyncGenerator<VisitDocument> {
    return this.visits.each({ where: { isDue: true }, limit: PAGE });
  }

  countOpen(storeId: string): Promise<number> {
    return this.visits.count({ status: 'open', storeId });
  }

  /** How often a customer came, in all stores, and when last. */
  async figuresOf(customerId: string): Promise<{ visits: number; lastVisitAt: Instant | null }> {
    const where = { counts: true, visitorKey: customerId };
    const visits = await this.visits.count(where);
    const { items } = await this.visits.find({ where, sort: [['startedAt', 'desc']], limit: 1 });
    return { visits, lastVisitAt: items[0]?.startedAt ?? null };
  }

  /** All visits of a visitor that count, in all stores. */
  everywhere(visitorKey: string): AsyncGenerator<VisitDocument> {
    return this.visits.each({ where: { counts: true, visitorKey }, limit: PAGE });
  }
}
