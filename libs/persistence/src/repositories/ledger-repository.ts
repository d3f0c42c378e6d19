import { type Instant, RefundId, SaleId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Where } from '../document-store.js';
import { ImportedSales } from './imported-sales.js';
import { LedgerEntry } from './ledger-entry.js';
import { saveRevision } from './revisions.js';

const LedgerDocument = z.strictObject({
  ...LedgerEntry.omit({ entryId: true, saleId: true }).shape,
  _id: z.union([SaleId, RefundId]),
  /** Of refunds only. */
  refundOf: SaleId.optional(),
  revision: z.int().min(1),
});
type LedgerDocument = z.infer<typeof LedgerDocument>;
const FIELDS = Object.keys(LedgerDocument.shape);

export interface StoredEntry {
  readonly entry: LedgerEntry;
  /** 0 of imported history, which is written here only when it changes. */
  readonly revision: number;
}

const LEDGER: CollectionSpec = {
  name: 'ledger',
  indexes: [
    { name: 'owner', fields: ['ownerId', 'occurredAt'] },
    { name: 'refunds', fields: ['refundOf'], sparse: true },
    { name: 'store', fields: ['storeId', 'occurredAt'] },
  ],
};
const PAGE = 500;
/** A month of the shop's time zone reaches at most so far over the same month of UTC. */
const ZONE_MS = 15 * 3_600_000;

function storedOf({ _id, refundOf, revision, ...rest }: LedgerDocument): StoredEntry {
  const saleId = rest.kind === 'sale' ? _id : (refundOf ?? null);
  return { entry: { entryId: _id, saleId, ...rest }, revision };
}

function documentOf({ entryId, saleId, ...rest }: LedgerEntry): LedgerDocument {
  const refundOf = rest.kind === 'refund' && saleId !== null ? { refundOf: saleId } : {};
  return LedgerDocument.parse({ _id: entryId, ...rest, ...refundOf, revision: 1 });
}

/** First instant that can lie in a month of any time zone. */
function earliestOf(period: number): Instant {
  return new Date(Date.UTC(Math.floor(period / 12), period % 12) - ZONE_MS).toISOString();
}

const bare = (entry: LedgerEntry): StoredEntry => ({ entry, revision: 0 });

/** Both in order of time; of an entry that both have, the first one's. */
async function* merged(
  ones: AsyncGenerator<StoredEntry>,
  others: AsyncGenerator<LedgerEntry>,
): AsyncGenerator<StoredEntry> {
  const placeOf = ({ occurredAt, entryId }: LedgerEntry) => `${occurredAt} ${entryId}`;
  let one = await ones.next();
  for await (const other of others) {
    const place = placeOf(other);
    for (; one.done !== true && placeOf(one.value.entry) < place; one = await ones.next()) yield one.value;
    if (one.done === true || one.value.entry.entryId !== other.entryId) yield bare(other);
  }
  for (; one.done !== true; one = await ones.next()) yield one.value;
}

/** Sales and refunds as analytics counts them. What a till tells has a document here; imported history is read
 *  where the gateway stored it, and gets one once it changes (a void, a customer named later). */
export class LedgerRepository {
  private readonly ledger: Collection<LedgerDocument>;
  private readonly imported: ImportedSales;

  constructor(store: DocumentStore) {
    this.ledger = store.collection(LEDGER);
    this.imported = new ImportedSales(store);
  }

  async get(entryId: string): Promise<StoredEntry | null> {
    const document = await this.ledger.get(entryId);
    if (document !== null) return storedOf(document);
    const entry = await this.imported.get(entryId);
    return entry && bare(entry);
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(entry: LedgerEntry, expected: number | null): Promise<StoredEntry> {
    const before = expected === 0 ? null : expected;
    return storedOf(await saveRevision(this.ledger, documentOf(entry), before, FIELDS));
  }

  async refundsOf(saleId: string): Promise<StoredEntry[]> {
    const found: StoredEntry[] = [];
    for await (const document of this.ledger.each({ where: { refundOf: saleId }, limit: PAGE }))
      found.push(storedOf(document));
    return found;
  }

  /** Sales that a till took something back of. */
  async *refundedSales(): AsyncGenerator<string> {
    let last = '';
    for await (const { refundOf = '' } of this.ledger.each({
      where: { refundOf: { gt: '' } },
      limit: PAGE,
    })) {
      if (refundOf !== last) yield refundOf;
      last = refundOf;
    }
  }

  /** What counts of a customer's month. */
  async ofMonth(ownerId: string, period: number): Promise<LedgerEntry[]> {
    const occurredAt = {
      gte: earliestOf(period),
      lt: new Date(Date.parse(earliestOf(period + 1)) + 2 * ZONE_MS).toISOString(),
    };
    const found: LedgerEntry[] = [];
    for await (const { entry } of this.ofOwner(ownerId, occurredAt.gte)) {
      if (entry.occurredAt >= occurredAt.lt) break;
      if (entry.period === period && entry.counts) found.push(entry);
    }
    return found;
  }

  /** All of a customer's, oldest first. @param from only from then on */
  ofOwner(ownerId: string, from?: Instant): AsyncGenerator<StoredEntry> {
    return merged(this.told(ownerId, from), this.imported.ofOwner(ownerId, from));
  }

  private async *told(ownerId: string, from?: Instant): AsyncGenerator<StoredEntry> {
    const time: Where = from === undefined ? {} : { occurredAt: { gte: from } };
    for await (const document of this.ledger.each({ where: { ownerId, ...time }, limit: PAGE }))
      yield storedOf(document);
  }

  /** What has a document here of customers whose ids lie between two, by customer. */
  async ofOwners(first: string, last: string): Promise<Map<string, StoredEntry[]>> {
    const found = new Map<string, StoredEntry[]>();
    const where = { ownerId: { gte: first, lte: last } };
    for await (const document of this.ledger.each({ where, limit: PAGE })) {
      const list = found.get(document.ownerId ?? '') ?? [];
      if (list.length === 0) found.set(document.ownerId ?? '', list);
      list.push(storedOf(document));
    }
    return found;
  }

  /** A store's in a time, oldest first. @param time `to` no longer belongs to it */
  async *ofStore(storeId: string, time: { from: Instant; to: Instant }): AsyncGenerator<LedgerEntry> {
    for await (const { entry } of merged(
      this.toldOfStore(storeId, time),
      this.imported.ofStore(storeId, time),
    ))
      yield entry;
  }

  private async *toldOfStore(
    storeId: string,
    { from, to }: { from: Instant; to: Instant },
  ): AsyncGenerator<StoredEntry> {
    const where = { storeId, occurredAt: { gte: from, lt: to } };
    for await (const document of this.ledger.each({ where, limit: PAGE })) yield storedOf(document);
  }

  /** What has a document here, newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(storeId: string, page: { limit: number; cursor?: string }): Promise<Page<LedgerEntry>> {
    const sort = [['occurredAt', 'desc']] as const;
    const { items, nextCursor } = await this.ledger.find({ where: { storeId }, sort, ...page });
    return { items: items.map((document) => storedOf(document).entry), nextCursor };
  }
}
