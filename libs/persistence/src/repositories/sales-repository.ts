import { type Instant, RegularsError } from '@regulars/contracts';
import type { Collection, DocumentStore, Page } from '../document-store.js';
import { GroupCommit } from '../group-commit.js';
import { documentOf, recordOf, SALES, type SaleDocument } from './sale-documents.js';
import type { RecordedRefund, SaleRecord } from './sale-record.js';

const PAGE = 1_000;
const ORDER_PER_MS = 1_000;
/** One and the same for all, so that a store may write it at once. */
const TOLD = { unset: ['pending'] };

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
  readonly storeId?: string;
  readonly customerId?: string;
  readonly span?: SalesSpan;
  readonly limit: number;
  readonly cursor?: string;
}

/** Sales and refunds as they came in, one document each. A document is its own outbox entry: it is `pending`
 *  from the very write that makes it until the broker has its event (docs/adr/0011-sales-exactly-once.md).
 *  What many callers insert at the same time is written together. */
export class SalesRepository {
  private readonly sales: Collection<SaleDocument>;
  private readonly inserts: GroupCommit<SaleDocument, boolean>;
  private readonly tellings: GroupCommit<string, undefined>;
  private lastOrder = 0;

  constructor(
    store: DocumentStore,
    private readonly now: () => number = Date.now,
  ) {
    this.sales = store.collection(SALES);
    this.inserts = new GroupCommit((documents) => this.insertLinked(documents));
    this.tellings = new GroupCommit(async (ids) => {
      await this.sales.bulk(ids.map((id) => ({ kind: 'update', id, change: TOLD })));
      return ids.map(() => undefined);
    });
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

  /** Inserts history, of which nothing is told one by one. Many at once, in the order of their ids: a store then
   *  writes each page of its index of ids once for them all. @returns how many were not there yet */
  async insertHistory(records: readonly SaleRecord[]): Promise<number> {
    const documents = records.map(documentOf).sort((one, other) => (one._id < other._id ? -1 : 1));
    const inserted = await this.insertLinked(documents);
    return inserted.filter(Boolean).length;
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
    for (const { _id, kind, customerId } of documents)
      if (kind === 'sale' && customerId !== null) customers.set(_id, customerId);
    const waiting = new Map<string, string>();
    for (const { _id, awaits } of documents) if (awaits !== undefined) waiting.set(_id, awaits);
    for (const [, saleId] of waiting) {
      const sale = customers.has(saleId) ? null : await this.sales.get(saleId);
      if (sale?.customerId) customers.set(saleId, sale.customerId);
    }
    const ids = [...customers.keys()].sort();
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
  ofCustomer(customerId: string, span?: SalesSpan): AsyncGenerator<SaleRecord> {
    return this.each({ customerId }, span);
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

  /** Newest first, of a store or of a customer.
   *  @throws RegularsError REQUEST_INVALID for a foreign cursor, or when neither is named */
  async list({ storeId, customerId, span, limit, cursor }: SalesQuery): Promise<Page<SaleRecord>> {
    const owner = customerId === undefined ? { storeId } : { customerId };
    const [[field, value] = ['', undefined]] = Object.entries(owner);
    if (value === undefined) throw new RegularsError('REQUEST_INVALID', { storeId: 'is needed' });
    const { items, nextCursor } = await this.sales.find({
      where: { [field]: value, ...timeOf(span) },
      filter: customerId !== undefined && storeId !== undefined ? { storeId } : {},
      sort: [
        [field, 'desc'],
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
      if (items.length < PAGE) return total;
    }
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
