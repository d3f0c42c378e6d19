import {
  CalendarDay,
  CameraId,
  Instant,
  SightingId,
  StoreId,
  VisitId,
  Visitor,
  visitorKeyOf,
  VisitSatisfaction,
  type VisitQuery,
} from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Query, Where } from '../document-store.js';
import { saveRevision } from './revisions.js';

const Days = z.array(z.strictObject({ day: CalendarDay, firstSeenAt: Instant }).readonly()).readonly();

/** A visit as analytics decided it, with what it has told of it. */
export const VisitRecord = z.strictObject({
  visitId: VisitId,
  storeId: StoreId,
  visitor: Visitor,
  startedAt: Instant,
  lastSeenAt: Instant,
  /** Null while the re-entry window is open. */
  endedAt: Instant.nullable(),
  firstSightingId: SightingId,
  firstCameraId: CameraId,
  cameraIds: z.array(CameraId).readonly(),
  sightings: z.int().min(0),
  satisfaction: VisitSatisfaction,
  days: Days,
  /** Set when it turned out to be part of another visit: it no longer counts. */
  merged: z.strictObject({ into: VisitId, at: Instant }).nullable(),
  generation: z.int().min(0),
});
export type VisitRecord = Readonly<z.infer<typeof VisitRecord>>;

const Announced = z.strictObject({
  started: z.boolean(),
  endedEventId: z.string().nullable(),
  mergedInto: VisitId.nullable(),
  /** Days entered in the attendance. */
  days: Days,
  /** The time of it that the customer's figures know; null when they do not count it. */
  countedAt: Instant.nullable(),
});

const VisitDocument = z.strictObject({
  ...VisitRecord.omit({ visitId: true }).shape,
  _id: VisitId,
  /** Customer id, pseudonym, or the stranger's sighting id. */
  visitorKey: z.string(),
  isOpen: z.boolean(),
  isMerged: z.boolean(),
  /** What was published of it and entered elsewhere. */
  announced: Announced,
  /** Some of that is still to be done. */
  isDue: z.boolean(),
  revision: z.int().min(1),
});
type VisitDocument = z.infer<typeof VisitDocument>;
const FIELDS = Object.keys(VisitDocument.shape);
const VISIT_FIELDS = VisitRecord.omit({ visitId: true }).keyof().options;

/** What was read, with what is needed to save it again. */
export interface StoredVisit {
  readonly visit: VisitRecord;
  readonly announced: Readonly<z.infer<typeof Announced>>;
  readonly isDue: boolean;
  readonly revision: number;
}

const VISITS: CollectionSpec = {
  name: 'visits',
  indexes: [
    { name: 'visitor', fields: ['storeId', 'visitorKey', 'lastSeenAt'] },
    { name: 'customer', fields: ['visitorKey', 'startedAt'] },
    { name: 'store', fields: ['storeId', 'startedAt'] },
    { name: 'time', fields: ['startedAt'] },
    { name: 'open', fields: ['isOpen', 'startedAt'] },
    { name: 'open_seen', fields: ['isOpen', 'lastSeenAt'] },
    { name: 'due', fields: ['isDue'] },
  ],
};

function storedOf(document: VisitDocument): StoredVisit {
  const { _id, announced, isDue, revision } = document;
  const visit = Object.fromEntries(VISIT_FIELDS.map((field) => [field, document[field]]));
  return { visit: { ...visit, visitId: _id } as VisitRecord, announced, isDue, revision };
}

/** The index that reads least: one customer's visits are few, open ones too. */
function conditionsOf(query: Omit<VisitQuery, 'limit' | 'cursor'>): { where: Where; filter: Where } {
  const { storeId, customerId, open, from, to } = query;
  const startedAt: Where = from === undefined && to === undefined ? {} : { startedAt: { gte: from, lt: to } };
  const ofStore: Where = storeId === undefined ? {} : { storeId };
  const ofState: Where = open === undefined ? {} : { isOpen: open };
  const counted: Where = { isMerged: false };
  if (customerId !== undefined)
    return {
      where: { visitorKey: customerId, ...startedAt },
      filter: { ...counted, ...ofStore, ...ofState },
    };
  if (open === true) return { where: { isOpen: true, ...startedAt }, filter: { ...counted, ...ofStore } };
  return { where: { ...ofStore, ...startedAt }, filter: { ...counted, ...ofState } };
}

/** Visits, joined over cameras. */
export class VisitsRepository {
  private readonly visits: Collection<VisitDocument>;

  constructor(store: DocumentStore) {
    this.visits = store.collection(VISITS);
  }

  async get(visitId: string): Promise<StoredVisit | null> {
    const document = await this.visits.get(visitId);
    return document && storedOf(document);
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(stored: Omit<StoredVisit, 'revision'>, expected: number | null): Promise<StoredVisit> {
    const { visit, announced, isDue } = stored;
    const { visitId, ...rest } = visit;
    const document = VisitDocument.parse({
      _id: visitId,
      ...rest,
      visitorKey: visitorKeyOf(visit.visitor),
      isOpen: visit.endedAt === null && visit.merged === null,
      isMerged: visit.merged !== null,
      announced,
      isDue,
      revision: 1,
    });
    return storedOf(await saveRevision(this.visits, document, expected, FIELDS));
  }

  private async collect(query: Omit<Query, 'limit' | 'cursor'>): Promise<StoredVisit[]> {
    const found: StoredVisit[] = [];
    for await (const document of this.visits.each({ ...query, limit: 500 })) found.push(storedOf(document));
    return found;
  }

  /** A visitor's visits in a store that touch the time, merged ones too, by the time they were last seen.
   *  @param time both ends belong to it */
  ofVisitor(
    storeId: string,
    visitorKey: string,
    time: { from: Instant; to: Instant },
  ): Promise<StoredVisit[]> {
    const where = { storeId, visitorKey, lastSeenAt: { gte: time.from } };
    return this.collect({ where, filter: { startedAt: { lte: time.to } } });
  }

  /** A visitor's visit in a store that is still open; null when there is none. */
  async openByVisitor(storeId: string, visitorKey: string): Promise<StoredVisit | null> {
    const where = { storeId, visitorKey };
    const sort = [['lastSeenAt', 'desc']] as const;
    const { items } = await this.visits.find({ where, filter: { isOpen: true }, sort, limit: 1 });
    return items[0] ? storedOf(items[0]) : null;
  }

  /** Open visits whose visitor was last seen before: the ones to close. Oldest first. */
  openSeenBefore(instant: Instant, limit = 500): Promise<StoredVisit[]> {
    const where = { isOpen: true, lastSeenAt: { lt: instant } };
    return this.visits.find({ where, limit }).then(({ items }) => items.map(storedOf));
  }

  /** Visits whose events are still to be published. */
  due(limit = 500): Promise<StoredVisit[]> {
    return this.visits.find({ where: { isDue: true }, limit }).then(({ items }) => items.map(storedOf));
  }

  /** Visits that began in the time, merged ones too, oldest first. @param time `to` no longer belongs to it */
  async *byTimeRange(storeId: string, time: { from: Instant; to: Instant }): AsyncGenerator<StoredVisit> {
    const where = { storeId, startedAt: { gte: time.from, lt: time.to } };
    for await (const document of this.visits.each({ where, limit: 500 })) yield storedOf(document);
  }

  /** Newest first, without merged ones. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(query: VisitQuery): Promise<Page<StoredVisit>> {
    const { limit, cursor, ...wanted } = query;
    const conditions = conditionsOf(wanted);
    const page = await this.visits.find({ ...conditions, sort: [['startedAt', 'desc']], limit, cursor });
    return { items: page.items.map(storedOf), nextCursor: page.nextCursor };
  }

  /** All visits of a customer or stranger in all stores, merged ones too, oldest first. */
  async *allOf(visitorKey: string): AsyncGenerator<StoredVisit> {
    for await (const document of this.visits.each({ where: { visitorKey }, limit: 500 }))
      yield storedOf(document);
  }

  /** How often a customer came and when last, from the visits that count. */
  async figuresOf(customerId: string): Promise<{ visits: number; lastVisitAt: Instant | null }> {
    let visits = 0;
    let lastVisitAt: Instant | null = null;
    for await (const { visit } of this.allOf(customerId)) {
      if (visit.merged) continue;
      visits++;
      if (lastVisitAt === null || visit.lastSeenAt > lastVisitAt) lastVisitAt = visit.lastSeenAt;
    }
    return { visits, lastVisitAt };
  }

  /** Open visits of a store, or of all. */
  async countOpen(storeId?: string): Promise<number> {
    if (storeId === undefined) return this.visits.count({ isOpen: true });
    const open = await this.collect({ where: { isOpen: true }, filter: { storeId } });
    return open.length;
  }

  delete(visitId: string): Promise<boolean> {
    return this.visits.delete(visitId);
  }
}
