import type { Instant } from '@regulars/contracts';
import type { Collection, DocumentStore, Page } from '../document-store.js';
import { GroupCommit } from '../group-commit.js';
import { type ChunkPlace, ImportParts } from './import-parts.js';
import { mergedInTime } from './brief-entries.js';
import { ImportedFolders } from './imported-folders.js';
import { documentOf, filedDocumentOf, recordOf, SALES, type SaleDocument } from './sale-documents.js';
import type { RecordedRefund, SaleRecord } from './sale-record.js';

const PAGE = 1_000;
const ORDER_PER_MS = 1_000;
/** Nobody waits until a mark is off; one that a kill leaves is told of once more, under the same id. Marks that come
 *  off together cost one wait for the disk. */
const TELLINGS_MS = 50;
/** One and the same for all, so that a store may write it at once. */
const TOLD = { unset: ['pending'] };
/** Refunds whose sale, or whose sale's customer, is not known. */
const WAITING = { awaits: { gt: '' } };

/** A span of time; `to` no longer belongs to it. */
export interface SalesSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** What a sale came with: hashes of the sender with the Idempotency-Key, and of what was sent. */
export interface SaleRequest {
  readonly requestId: string;
  readonly requestHash: string;
}

export interface SalesQuery {
  readonly storeId: string;
  readonly span?: SalesSpan;
  readonly limit: number;
  readonly cursor?: string;
}

/** Sales and refunds as they came in, one document each. A document is its own outbox entry: it is `pending`
 *  from the very write that makes it until the broker has its event (docs/adr/0011-sales-exactly-once.md).
 *  What many callers insert at the same time is written together. */
export class SalesRepository {
  private readonly sales: Collection<SaleDocument>;
  private readonly parts: ImportParts;
  private readonly folders: ImportedFolders;
  private readonly inserts: GroupCommit<SaleDocument, boolean>;
  private readonly tellings: GroupCommit<string, undefined>;
  private lastOrder = 0;

  constructor(
    store: DocumentStore,
    private readonly now: () => number = Date.now,
  ) {
    this.sales = store.collection(SALES);
    this.parts = new ImportParts(store);
    this.folders = new ImportedFolders(store);
    this.inserts = new GroupCommit((documents) => this.insertLinked(documents));
    this.tellings = new GroupCommit(async (ids) => {
      await this.sales.bulk(ids.map((id) => ({ kind: 'update', id, change: TOLD })));
      return ids.map(() => undefined);
    }, TELLINGS_MS);
  }

  /** Inserts what is not there yet, to be told of: all of it is pending until `markTold`.
   *  @returns for each whether it was inserted, once that is durable */
  insertOnce(records: readonly SaleRecord[]): Promise<boolean[]> {
    return Promise.all(
      records.map((record) => {
        return this.inserts.add({ ...documentOf(record), pending: this.nextOrder() });
      }),
    );
  }

  private nextOrder(): number {
    this.lastOrder = Math.max(this.lastOrder + 1, this.now() * ORDER_PER_MS);
    return this.lastOrder;
  }

  /** Inserts one sale together with the request that brought it: one document, one write.
   *  @returns false, and nothing was written, when the sale is there or another sale has this request */
  insertRequested(record: SaleRecord, { requestId, requestHash }: SaleRequest): Promise<boolean> {
    return this.inserts.add({
      ...documentOf(record),
      pending: this.nextOrder(),
      requestId,
      requestHash,
    });
  }

  /** The sale that was stored together with this request. */
  async byRequest(requestId: string): Promise<{ record: SaleRecord; requestHash: string } | null> {
    const { items } = await this.sales.find({ where: { requestId }, limit: 1 });
    const [document] = items;
    return document ? { record: recordOf(document), requestHash: document.requestHash ?? '' } : null;
  }

  /** The request is over: its id may come with another sale. */
  async forgetRequest(requestId: string): Promise<void> {
    const known = await this.byRequest(requestId);
    const change = { unset: ['requestId', 'requestHash'] };
    if (known) await this.sales.update(known.record.id, change, { where: { requestId } });
  }

  /** Inserts history, of which nothing is told one by one: many at once, in the order of their ids, so that a store
   *  writes each page of its index of ids once for them all.
   *  @param place of a large import, whose sales are found by customer in folders that are made of its parts
   *  @returns how many were not there yet */
  async insertHistory(records: readonly SaleRecord[], place?: ChunkPlace): Promise<number> {
    if (place !== undefined) return this.insertFiled(records, place);
    const documents = records.map(documentOf).sort((one, other) => (one._id < other._id ? -1 : 1));
    return (await this.insertLinked(documents)).filter(Boolean).length;
  }

  /** In the order in which they happened: among many millions each falls on a page of its own of the index of ids,
   *  and all on the same of the index of time. */
  private async insertFiled(records: readonly SaleRecord[], place: ChunkPlace): Promise<number> {
    const documents = records.map(filedDocumentOf);
    const inserted = await this.insertLinked(documents);
    const held = documents.flatMap(({ _id }, i) => (inserted[i] ? [] : [_id]));
    const stored = new Map((await this.sales.getAll(held)).map((document) => [document._id, document]));
    // What another import or a till brought counts as they said.
    const own = records.filter(({ id, customerId }) => {
      const known = stored.get(id);
      return known === undefined || (known.importId === place.importId && known.importedFor === customerId);
    });
    await this.parts.write(place, own);
    return documents.length - held.length;
  }

  private async insertLinked(documents: readonly SaleDocument[]): Promise<boolean[]> {
    const inserted = await this.sales.insertAllOnce(documents);
    await this.link(documents);
    return inserted;
  }

  /** Gives refunds their sale's customer, whichever came first: each side looks for the other after it is
   *  stored itself, so that one of them finds the other. */
  private async link(documents: readonly SaleDocument[]): Promise<void> {
    const customers = new Map<string, string>();
    for (const { _id, kind, customerId, importedFor } of documents) {
      const owner = importedFor ?? customerId ?? null;
      if (kind === 'sale' && owner !== null) customers.set(_id, owner);
    }
    const waiting = new Map<string, string>();
    for (const { _id, awaits } of documents) if (awaits !== undefined) waiting.set(_id, awaits);
    if (customers.size === 0 && waiting.size === 0) return;
    for (const [, saleId] of waiting) {
      const sale = customers.has(saleId) ? null : await this.get(saleId);
      if (sale?.customerId) customers.set(saleId, sale.customerId);
    }
    const nobody =
      waiting.size === 0 && (await this.sales.find({ where: WAITING, limit: 1 })).items.length === 0;
    const ids = nobody ? [] : [...customers.keys()].sort();
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return;
    const found: [string, string][] = [];
    for await (const refund of this.sales.each({
      where: { awaits: { gte: first, lte: last } },
      limit: PAGE,
    })) {
      const customerId = customers.get(refund.awaits ?? '');
      if (customerId !== undefined) found.push([refund._id, customerId]);
    }
    const operations = found.map(([id, customerId]) => {
      return { kind: 'update', id, change: { set: { customerId }, unset: ['awaits'] } } as const;
    });
    if (operations.length > 0) await this.sales.bulk(operations);
  }

  async get(id: string): Promise<SaleRecord | null> {
    const document = await this.sales.get(id);
    return document && recordOf(document);
  }

  /** Refunds of a sale that came before it was known whose it is. */
  async refundsWaitingFor(saleId: string): Promise<RecordedRefund[]> {
    const { items } = await this.sales.find({ where: { awaits: saleId }, limit: PAGE });
    return items.map((item) => recordOf(item) as RecordedRefund);
  }

  /** Of one customer, oldest first; the whole time without a span. */
  async *ofCustomer(customerId: string, span?: SalesSpan): AsyncGenerator<SaleRecord> {
    const entries = await this.folders.of(customerId, span?.from);
    const ids = entries.filter(({ occurredAt }) => span === undefined || occurredAt < span.to);
    const filed = await this.sales.getAll(ids.map(({ entryId }) => entryId));
    yield* mergedInTime(filed.map(recordOf), this.each({ customerId }, span));
  }

  /** Of one store, oldest first; the whole time without a span. */
  ofStore(storeId: string, span?: SalesSpan): AsyncGenerator<SaleRecord> {
    return this.each({ storeId }, span);
  }

  private async *each(owner: Readonly<Record<string, string>>, span?: SalesSpan): AsyncGenerator<SaleRecord> {
    const field = Object.keys(owner)[0] ?? '';
    const where = { ...owner, ...timeOf(span) };
    const sort = [
      [field, 'asc'],
      ['occurredAt', 'asc'],
    ] as const;
    for await (const document of this.sales.each({ where, sort, limit: PAGE })) yield recordOf(document);
  }

  /** A store's, newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list({ storeId, span, limit, cursor }: SalesQuery): Promise<Page<SaleRecord>> {
    const { items, nextCursor } = await this.sales.find({
      where: { storeId, ...timeOf(span) },
      sort: [
        ['storeId', 'desc'],
        ['occurredAt', 'desc'],
      ],
      limit,
      cursor,
    });
    return { items: items.map(recordOf), nextCursor };
  }

  /** An erased customer's sales become those of nobody. @returns how many */
  async forgetCustomer(customerId: string): Promise<number> {
    let total = 0;
    for (;;) {
      const { items } = await this.sales.find({ where: { customerId }, limit: PAGE });
      const change = { set: { customerId: null } };
      await this.sales.bulk(items.map(({ _id }) => ({ kind: 'update', id: _id, change })));
      total += items.length;
      if (items.length < PAGE) break;
    }
    const filed = await this.folders.of(customerId);
    const change = { set: { importedFor: null } };
    await this.sales.bulk(filed.map(({ entryId: id }) => ({ kind: 'update', id, change })));
    await this.folders.remove(customerId);
    return total + filed.length;
  }

  /** Those whose event the broker has not taken, the earliest first. @param limit at least 1 */
  async untold(limit: number): Promise<SaleRecord[]> {
    const found: SaleRecord[] = [];
    const where = { pending: { gt: 0 } };
    for await (const document of this.sales.each({ where, sort: [['pending', 'asc']], limit: PAGE })) {
      found.push(recordOf(document));
      if (found.length >= limit) break;
    }
    return found;
  }

  untoldCount(): Promise<number> {
    return this.sales.count({ pending: { gt: 0 } });
  }

  /** The broker has its event. */
  async markTold(id: string): Promise<void> {
    await this.tellings.add(id);
  }
}

function timeOf(span?: SalesSpan): { occurredAt?: { gte: Instant; lt: Instant } } {
  return span === undefined ? {} : { occurredAt: { gte: span.from, lt: span.to } };
}
