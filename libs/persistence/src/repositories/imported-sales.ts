import type { Instant, SalesImported } from '@regulars/contracts';
import type { Collection, DocumentStore, Where } from '../document-store.js';
import { mergedInTime, periodOfDay } from './brief-entries.js';
import { ImportedFolders } from './imported-folders.js';
import type { LedgerEntry } from './ledger-entry.js';
import { recordOf, SALES, type SaleDocument } from './sale-documents.js';
import type { SaleRecord } from './sale-record.js';

const PAGE = 1_000;

/** An imported sale or refund as the ledger counts it: nothing of it is due, and it is told of as a whole.
 *  @returns null for what a till told by itself */
export function entryOfImported(record: SaleRecord): LedgerEntry | null {
  const { id, kind, storeId, tillId, customerId, occurredAt, amountMinor, currency, day, importId } = record;
  if (importId === null || day === undefined) return null;
  return {
    entryId: id,
    kind,
    saleId: record.kind === 'sale' ? id : record.saleId,
    storeId,
    tillId,
    occurredAt,
    day,
    period: periodOfDay(day),
    amountMinor,
    currency,
    isVoid: record.kind === 'refund' && record.isVoid,
    namedCustomerId: customerId,
    ownerId: customerId,
    counts: true,
    due: [],
    isTold: true,
  };
}

/** Reads the history that the gateway imported. The ledger counts it from here, so that it is stored once; an
 *  entry is written to the ledger only when it changes (LedgerRepository). */
export class ImportedSales {
  private readonly sales: Collection<SaleDocument>;
  private readonly folders: ImportedFolders;

  constructor(store: DocumentStore) {
    this.sales = store.collection(SALES);
    this.folders = new ImportedFolders(store);
  }

  async get(entryId: string): Promise<LedgerEntry | null> {
    const document = await this.sales.get(entryId);
    return document && entryOfImported(recordOf(document));
  }

  /** Of one customer, oldest first. @param from only from then on */
  async *ofOwner(customerId: string, from?: Instant): AsyncGenerator<LedgerEntry> {
    const where = { customerId, ...(from === undefined ? {} : { occurredAt: { gte: from } }) };
    yield* mergedInTime(await this.folders.of(customerId, from), this.entries(where));
  }

  /** Of one store, oldest first. @param time `to` no longer belongs to it */
  ofStore(storeId: string, { from, to }: { from: Instant; to: Instant }): AsyncGenerator<LedgerEntry> {
    return this.entries({ storeId, occurredAt: { gte: from, lt: to } });
  }

  private async *entries(where: Where): AsyncGenerator<LedgerEntry> {
    for await (const document of this.sales.each({ where, limit: PAGE })) {
      const entry = entryOfImported(recordOf(document));
      if (entry !== null) yield entry;
    }
  }

  /** Ids of the customers of one import. */
  async customersOf({
    importId,
    storeId,
    from,
    to,
  }: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to'>) {
    const customers = new Set<string>();
    // Not every server finds what equals an upper bound behind an equality (SecantusDB 0.7.0b3).
    const where = { storeId, occurredAt: { gte: from, lt: new Date(Date.parse(to) + 1).toISOString() } };
    for await (const document of this.sales.each({ where, limit: PAGE })) {
      const { customerId } = recordOf(document);
      if (document.importId === importId && customerId !== null) customers.add(customerId);
    }
    return customers;
  }
}
