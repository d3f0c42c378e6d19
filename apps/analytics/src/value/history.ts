import type { SalesImported } from '@regulars/contracts';
import type {
  CustomerMonths,
  Folder,
  ImportedSales,
  LedgerEntry,
  SalesRepository,
  StoredEntry,
  ValueModels,
} from '@regulars/persistence';
import { sumMonth } from './buckets.js';
import type { Shelves } from './shelves.js';

const CUSTOMERS_AT_ONCE = 250;
/** From so many rows on everybody's history is read in one pass instead of one customer's after the other. */
const MANY_ROWS = 100_000;
/** How far a pass is, is noted after so many customers. */
const NOTED_EVERY = 10_000;

export interface HistoryShelves extends Shelves {
  readonly imported: ImportedSales;
  readonly models: ValueModels;
  readonly sales: Pick<SalesRepository, 'forgetCustomer'>;
}

/** Told before the sums of a sale's owner are made: a till took something of it back before it was imported. */
export type Resettle = (saleId: string) => Promise<void>;

/** Counts what was imported as a whole: no sale of it is told of by itself, and none is copied, because the ledger
 *  reads imported sales where they are. What is left is to sum the months of everybody concerned. Every step
 *  may be repeated, and one that was cut short goes on where it was. */
export class History {
  constructor(
    private readonly shelves: HistoryShelves,
    private readonly resettle: Resettle,
  ) {}

  /** @returns how many customers' months were summed anew */
  async take(told: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to' | 'rows'>): Promise<number> {
    const { ledger } = this.shelves;
    for await (const saleId of ledger.refundedSales()) await this.resettle(saleId);
    return told.rows >= MANY_ROWS ? this.passOverAll(told.importId) : this.passOverSome(told);
  }

  private async passOverSome(
    told: Pick<SalesImported, 'importId' | 'storeId' | 'from' | 'to'>,
  ): Promise<number> {
    const { imported } = this.shelves;
    const customerIds = [...(await imported.customersOf(told))].sort();
    for (let i = 0; i < customerIds.length; i += CUSTOMERS_AT_ONCE) {
      const folders: Folder[] = [];
      for (const customerId of customerIds.slice(i, i + CUSTOMERS_AT_ONCE))
        folders.push(await imported.folderOf(customerId));
      await this.sum(folders);
    }
    return customerIds.length;
  }

  private async passOverAll(importId: string): Promise<number> {
    const { imported, models } = this.shelves;
    const before = await models.historyProgress();
    const begun = before?.importId === importId ? before : { importId, after: null, customers: 0 };
    let customers = begun.customers;
    let notedAt = customers;
    let batch: Folder[] = [];
    const write = async () => {
      await this.sum(batch);
      customers += batch.length;
      const after = batch.at(-1)?.customerId ?? null;
      batch = [];
      if (customers - notedAt < NOTED_EVERY) return;
      notedAt = customers;
      await models.setHistoryProgress({ importId, after, customers });
    };
    for await (const folder of imported.folders(begun.after)) {
      if (!folder.importIds.has(importId)) continue;
      batch.push(folder);
      if (batch.length === CUSTOMERS_AT_ONCE) await write();
    }
    await write();
    await models.setHistoryProgress(null);
    return customers;
  }

  /** Sums all months of some customers, in the order of their ids. A sale that is counted at the same time may be
   *  written over: so what tills told is read again afterwards, and whoever has more by then is summed again. */
  private async sum(folders: readonly Folder[]): Promise<void> {
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

  private toldOf(folders: readonly Folder[]): Promise<Map<string, StoredEntry[]>> {
    return this.shelves.ledger.ofOwners(folders[0]?.customerId ?? '', folders.at(-1)?.customerId ?? '');
  }

  /** Who was erased while the file was stored has sales that came after the erasure: they become nobody's. */
  private async ofNobodyErased(folders: readonly Folder[]): Promise<readonly Folder[]> {
    const kept: Folder[] = [];
    for (const folder of folders) {
      if (await this.shelves.customers.isErased(folder.customerId))
        await this.shelves.sales.forgetCustomer(folder.customerId);
      else kept.push(folder);
    }
    return kept;
  }
}

const stateOf = (told: readonly StoredEntry[] = []) =>
  told.map(({ entry: { entryId }, revision }) => `${entryId} ${revision}`).join();

/** @param told what has an entry of its own in the ledger, which stands for the imported one */
function monthsOf({ customerId, entries }: Folder, told: readonly StoredEntry[]): CustomerMonths {
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
