import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  Instant,
  RefundId,
  SaleId,
  StoreId,
  TillId,
} from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Where } from '../document-store.js';
import { saveRevision } from './revisions.js';

/** A sale or refund as analytics counts it. */
export const LedgerEntry = z.strictObject({
  entryId: z.union([SaleId, RefundId]),
  kind: z.enum(['sale', 'refund']),
  /** The sale it is, or the one that is given back; null when the till does not name it. */
  saleId: SaleId.nullable(),
  storeId: StoreId,
  tillId: TillId.nullable(),
  occurredAt: Instant,
  /** Day since 1970-01-01 and month (12 * year + month - 1) in the shop's time zone. */
  day: z.int(),
  period: z.int(),
  amountMinor: AmountMinor,
  currency: CurrencyCode,
  /** A refund that takes its whole sale back. */
  isVoid: z.boolean(),
  /** Whom the till named; null when nobody, or when that customer was erased. */
  namedCustomerId: CustomerId.nullable(),
  /** Whose value it counts to: the named customer, or the one of the joined visit. */
  ownerId: CustomerId.nullable(),
  /** False when the whole sale was taken back: as if it had not been. */
  counts: z.boolean(),
  /** Months of customers that must be summed anew because of it, as `customerId period`. */
  due: z.array(z.string()).readonly(),
  /** Whether its owner's value was told. */
  isTold: z.boolean(),
});
export type LedgerEntry = Readonly<z.infer<typeof LedgerEntry>>;

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
  readonly revision: number;
}

const LEDGER: CollectionSpec = {
  name: 'ledger',
  indexes: [
    { name: 'owner', fields: ['ownerId', 'occurredAt'] },
    { name: 'refunds', fields: ['refundOf'] },
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

/** Sales and refunds as analytics counts them, one document each. Month buckets are summed from it. */
export class LedgerRepository {
  private readonly ledger: Collection<LedgerDocument>;

  constructor(store: DocumentStore) {
    this.ledger = store.collection(LEDGER);
  }

  async get(entryId: string): Promise<StoredEntry | null> {
    const document = await this.ledger.get(entryId);
    return document && storedOf(document);
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(entry: LedgerEntry, expected: number | null): Promise<StoredEntry> {
    return storedOf(await saveRevision(this.ledger, documentOf(entry), expected, FIELDS));
  }

  /** Many at once, each unless it is there already: history. */
  async insertMany(entries: readonly LedgerEntry[]): Promise<void> {
    await this.ledger.bulk(
      entries.map((entry) => ({ kind: 'insertOnce', document: documentOf(entry) }) as const),
    );
  }

  async refundsOf(saleId: string): Promise<StoredEntry[]> {
    const found: StoredEntry[] = [];
    for await (const document of this.ledger.each({ where: { refundOf: saleId }, limit: PAGE }))
      found.push(storedOf(document));
    return found;
  }

  /** What counts of a customer's month. */
  async ofMonth(ownerId: string, period: number): Promise<LedgerEntry[]> {
    const occurredAt = {
      gte: earliestOf(period),
      lt: new Date(Date.parse(earliestOf(period + 1)) + 2 * ZONE_MS).toISOString(),
    };
    const query = { where: { ownerId, occurredAt }, filter: { period, counts: true }, limit: PAGE };
    const found: LedgerEntry[] = [];
    for await (const document of this.ledger.each(query)) found.push(storedOf(document).entry);
    return found;
  }

  /** All of a customer's, oldest first. @param from only from then on */
  async *ofOwner(ownerId: string, from?: Instant): AsyncGenerator<StoredEntry> {
    const time: Where = from === undefined ? {} : { occurredAt: { gte: from } };
    for await (const document of this.ledger.each({ where: { ownerId, ...time }, limit: PAGE }))
      yield storedOf(document);
  }

  /** A store's in a time, oldest first. @param time `to` no longer belongs to it */
  async *ofStore(storeId: string, time: { from: Instant; to: Instant }): AsyncGenerator<LedgerEntry> {
    const where = { storeId, occurredAt: { gte: time.from, lt: time.to } };
    for await (const document of this.ledger.each({ where, limit: PAGE })) yield storedOf(document).entry;
  }

  /** A page of all entries by owner, for summing all months at once. */
  async *byOwner(): AsyncGenerator<LedgerEntry> {
    const sort = [
      ['ownerId', 'asc'],
      ['occurredAt', 'asc'],
    ] as const;
    for await (const document of this.ledger.each({ sort, limit: 1_000 })) yield storedOf(document).entry;
  }

  /** Newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(storeId: string, page: { limit: number; cursor?: string }): Promise<Page<LedgerEntry>> {
    const sort = [['occurredAt', 'desc']] as const;
    const { items, nextCursor } = await this.ledger.find({ where: { storeId }, sort, ...page });
    return { items: items.map((document) => storedOf(document).entry), nextCursor };
  }
}
