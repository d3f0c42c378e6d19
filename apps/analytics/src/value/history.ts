import type { SalesImported } from '@regulars/contracts';
import type {
  CustomerMonths,
  ImportedFolders,
  ImportedOf,
  ImportedSales,
  ImportParts,
  LedgerEntry,
  SalesRepository,
  StoredEntry,
} from '@regulars/persistence';
import { sumMonth } from './buckets.js';
import type { Shelves } from './shelves.js';

const CUSTOMERS_AT_ONCE = 250;

export interface HistoryShelves extends Shelves {
  readonly folders: ImportedFolders;
  readonly imported: ImportedSales;
  readonly parts: ImportParts;
  readonly sales: Pick<SalesRepository, 'forgetCustomer'>;
}

/** Told before the sums of a sale's owner are made: a till took something of it back before it was imported. */
export type Resettle = (saleId: string) => Promise<void>;

/** Counts what was imported as a whole: no sale of it is told of by itself, and none is copied, because the ledger
 *  reads imported sales where they are. What is left is to sum the months of everybody concerned: of a large import
 *  from its parts, range after range, otherwise one customer after the other. Every step may be repeated, and a
 *  large one that was cut short goes on where it was. */
export class History {
  constructor(
    private readonly shelves: HistoryShelves,
    private readonly resettle: Resettle,
  ) {}

  /** @returns how many customers' months were summed */
  async take(told: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to'>): Promise<number> {
    const { ledger, parts } = this.shelves;
    for await (const saleId of ledger.refundedSales()) await this.resettle(saleId);
    const state = await parts.stateOf(told.importId);
    if (state === 'summed') return 0;
    return state === 'kept' ? this.passOverParts(told.importId) : this.passOverSome(told);
  }

  private async passOverSome(
    told: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to'>,
  ): Promise<number> {
    const customerIds = [...(await this.shelves.imported.customersOf(told))].sort();
    for (const some of slicesOf(customerIds)) {
      const everything: ImportedOf[] = [];
      for (const customerId of some) everything.push(await this.everythingOf(customerId));
      await this.sum(everything);
    }
    return customerIds.length;
  }

  private async passOverParts(importId: string): Promise<number> {
    const { folders, parts } = this.shelves;
    let customers = 0;
    for await (const { range, entriesOf } of parts.ranges(importId)) {
      const customerIds = [...entriesOf.keys()].sort();
      for (const some of slicesOf(customerIds)) {
        const brought = some.map((customerId) => ({ customerId, entries: entriesOf.get(customerId) ?? [] }));
        await folders.write(importId, brought);
        await this.sum(await this.completed(brought));
      }
      await parts.removeRange(importId, range);
      customers += customerIds.length;
    }
    await parts.markSummed(importId);
    return customers;
  }

  /** Who has months already may have more than this import brought: all of theirs is read. */
  private async completed(brought: readonly ImportedOf[]): Promise<readonly ImportedOf[]> {
    const known = await this.shelves.buckets.ofMany(brought.map(({ customerId }) => customerId));
    const all: ImportedOf[] = [];
    for (const one of brought)
      all.push(known.has(one.customerId) ? await this.everythingOf(one.customerId) : one);
    return all;
  }

  private async everythingOf(customerId: string): Promise<ImportedOf> {
    const entries: LedgerEntry[] = [];
    for await (const entry of this.shelves.imported.ofOwner(customerId)) entries.push(entry);
    return { customerId, entries };
  }

  /** Sums all months of some customers, in the order of their ids. A sale that is counted at the same time may be
   *  written over: so what tills told is read again afterwards, and whoever has more by then is summed again. */
  private async sum(folders: readonly ImportedOf[]): Promise<void> {
    let left = await this.ofNobodyErased(folders);
    while (left.length > 0) {
      const told = await this.toldOf(left);
      await this.shelves.buckets.putMany(
        left.map((folder) => monthsOf(folder, told.get(folder.customerId) ?? [])),
      );
      const after = await this.toldOf(left);
      left = left.filter(
        ({ customerId }) => stateOf(after.get(customerId)) !== stateOf(told.get(customerId)),
      );
    }
  }

  private toldOf(folders: readonly ImportedOf[]): Promise<Map<string, StoredEntry[]>> {
    return this.shelves.ledger.ofOwners(folders[0]?.customerId ?? '', folders.at(-1)?.customerId ?? '');
  }

  /** Who was erased while the file was stored has sales that came after the erasure: they become nobody's. */
  private async ofNobodyErased(folders: readonly ImportedOf[]): Promise<readonly ImportedOf[]> {
    const kept: ImportedOf[] = [];
    for (const folder of folders) {
      if (await this.shelves.customers.isErased(folder.customerId))
        await this.shelves.sales.forgetCustomer(folder.customerId);
      else kept.push(folder);
    }
    return kept;
  }
}

function* slicesOf(customerIds: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < customerIds.length; i += CUSTOMERS_AT_ONCE)
    yield customerIds.slice(i, i + CUSTOMERS_AT_ONCE);
}

const stateOf = (told: readonly StoredEntry[] = []) =>
  told.map(({ entry: { entryId }, revision }) => `${entryId} ${revision}`).join();

/** @param told what has an entry of its own in the ledger, which stands for the imported one */
function monthsOf({ customerId, entries }: ImportedOf, told: readonly StoredEntry[]): CustomerMonths {
  const own = new Set(told.map(({ entry }) => entry.entryId));
  const byPeriod = new Map<number, LedgerEntry[]>();
  const enter = (entry: LedgerEntry) => {
    if (!entry.counts) return;
    const list = byPeriod.get(entry.period);
    if (list === undefined) byPeriod.set(entry.period, [entry]);
    else list.push(entry);
  };
  for (const { entry } of told) enter(entry);
  for (const entry of entries) if (!own.has(entry.entryId)) enter(entry);
  const buckets = [...byPeriod].map(([period, list]) => sumMonth(customerId, period, list));
  return { customerId, buckets };
}
