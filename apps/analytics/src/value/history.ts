import type { SalesImported } from '@regulars/contracts';
import type { Periods } from '@regulars/customer-value';
import type { LedgerEntry, MonthBucket, SaleRecord, SalesRepository } from '@regulars/persistence';
import { plusMs } from '../instants.js';
import { sumMonth } from './buckets.js';
import { anonymous, done, entryOfRefund, entryOfSale, settleFamily } from './ledger.js';
import type { Shelves } from './shelves.js';

const ENTRIES_AT_ONCE = 500;
const CUSTOMERS_AT_ONCE = 200;

/** Takes in what was imported as a whole: no sale of it is told of by itself. Every step may be repeated. */
export class History {
  constructor(
    private readonly shelves: Shelves,
    private readonly sales: Pick<SalesRepository, 'ofStore'>,
    private readonly months: Periods,
  ) {}

  /** @returns the customers whose months were summed anew */
  async take({ importId, storeId, from, to }: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to'>) {
    const customers = new Set<string>();
    let batch: LedgerEntry[] = [];
    const saleIds = new Set<string>();
    const write = async () => {
      await this.enter(batch, customers);
      batch = [];
    };
    for await (const record of this.sales.ofStore(storeId, { from, to: plusMs(to, 1) })) {
      if (record.importId !== importId) continue;
      const entry = entryOf(record, this.months);
      if (entry.kind === 'refund' && entry.saleId !== null) saleIds.add(entry.saleId);
      batch.push(entry);
      if (batch.length === ENTRIES_AT_ONCE) await write();
    }
    await write();
    for (const saleId of saleIds) await this.settle(saleId, customers);
    await this.sum(customers);
    return customers;
  }

  /** Enters what is not there yet; nobody's erased sales stay nobody's. */
  async enter(entries: readonly LedgerEntry[], customers: Set<string>): Promise<void> {
    const named = new Set(entries.flatMap(({ namedCustomerId }) => namedCustomerId ?? []));
    const fresh = [...named].filter((customerId) => !customers.has(customerId));
    const erased = new Set<string>();
    for (const customerId of fresh)
      if (await this.shelves.customers.isErased(customerId)) erased.add(customerId);
      else customers.add(customerId);
    const fit = entries.map((entry) =>
      entry.namedCustomerId !== null && erased.has(entry.namedCustomerId) ? anonymous(entry) : entry,
    );
    await this.shelves.ledger.insertMany(fit.map(done));
  }

  private async settle(saleId: string, customers: Set<string>): Promise<void> {
    const { ledger } = this.shelves;
    const sale = await ledger.get(saleId);
    const refunds = await ledger.refundsOf(saleId);
    const revisions = new Map(
      [...refunds, ...(sale ? [sale] : [])].map(({ entry, revision }) => [entry.entryId, revision]),
    );
    const family = { sale: sale?.entry ?? null, refunds: refunds.map(({ entry }) => entry), joinedTo: null };
    for (const entry of settleFamily(family)) {
      if (entry.ownerId !== null) customers.add(entry.ownerId);
      await ledger.save(done(entry), revisions.get(entry.entryId) ?? null);
    }
  }

  /** Sums all months of the customers, many at a time. */
  async sum(customers: Iterable<string>): Promise<void> {
    let some: string[] = [];
    for (const customerId of customers) {
      some.push(customerId);
      if (some.length < CUSTOMERS_AT_ONCE) continue;
      await this.sumSome(some);
      some = [];
    }
    await this.sumSome(some);
  }

  /** A sale that is counted at the same time may be written over: so the ledger is read again afterwards, and a
   *  customer of whom there is more by then is summed again. */
  private async sumSome(customerIds: readonly string[]): Promise<void> {
    let left = customerIds;
    while (left.length > 0) {
      const read = new Map<string, number>();
      const buckets: MonthBucket[] = [];
      for (const customerId of left) {
        const { sums, entries } = await this.sumsOf(customerId);
        read.set(customerId, entries);
        buckets.push(...sums);
      }
      await this.shelves.buckets.putMany(buckets);
      const changed: string[] = [];
      for (const customerId of left)
        if ((await this.sumsOf(customerId)).entries !== read.get(customerId)) changed.push(customerId);
      left = changed;
    }
  }

  private async sumsOf(customerId: string): Promise<{ sums: MonthBucket[]; entries: number }> {
    const byPeriod = new Map<number, LedgerEntry[]>();
    let entries = 0;
    for await (const { entry, revision } of this.shelves.ledger.ofOwner(customerId)) {
      entries += revision;
      const list = byPeriod.get(entry.period) ?? [];
      if (list.length === 0) byPeriod.set(entry.period, list);
      if (entry.counts) list.push(entry);
    }
    const sums = [...byPeriod].map(([period, list]) => sumMonth(customerId, period, list));
    return { sums, entries };
  }
}

/** An imported record as the ledger counts it. */
export function entryOf(record: SaleRecord, months: Periods): LedgerEntry {
  const { storeId, tillId, customerId, occurredAt, amountMinor, currency } = record;
  const told = { storeId, tillId, customerId, occurredAt, amountMinor, currency };
  return record.kind === 'sale'
    ? entryOfSale({ ...told, saleId: record.id, items: record.items }, months)
    : entryOfRefund({ ...told, refundId: record.id, saleId: record.saleId, isVoid: record.isVoid }, months);
}
