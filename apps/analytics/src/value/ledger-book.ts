import type { Telemetry } from '@regulars/contracts';
import type { LedgerEntry, StoredEntry } from '@regulars/persistence';
import { isSame } from '../documents.js';
import { isConflict, persist } from '../persist.js';
import { Serial } from '../serial.js';
import { sumMonth } from './buckets.js';
import { anonymous, done, isDue, joinTellings, monthOfKey, settleFamily } from './ledger.js';
import type { Shelves } from './shelves.js';

/** Told of every entry once its months are summed: the customer whose it is, or was.
 *  @returns once that is safe to be forgotten */
export type Counted = (customerId: string, cause: StoredEntry) => Promise<void>;

/** Decides to which visit a sale belongs and keeps that. */
export type Join = (sale: LedgerEntry) => Promise<unknown>;

/** Takes sales and refunds in, in any order and as often as they come. The ledger's entry is written first and
 *  notes which months are to be summed anew; a month's sum is computed from the ledger, never added to. So it
 *  is right after a redelivery wherever a process died: between any two of the writes, what is still to be done
 *  stands in the entry. */
export class LedgerBook {
  private readonly serial = new Serial();
  /** A customer's months are one document: who sums one of them waits for the others of this process. */
  private readonly sums = new Serial();

  constructor(
    private readonly shelves: Shelves,
    private readonly join: Join,
    private readonly counted: Counted,
    private readonly telemetry: Telemetry,
  ) {}

  /** @throws TransientError REVISION_CONFLICT when other replicas always were faster */
  take(told: LedgerEntry): Promise<void> {
    const { entryId, saleId } = told;
    return this.serial.run(saleId ?? entryId, async () => {
      const stored = await persist(entryId, () => this.record(told));
      if (stored.entry.kind === 'sale') await this.join(stored.entry);
      await this.settleAll(saleId, stored);
    });
  }

  /** Looks again at whose a sale is: its join changed, or its customer was erased. */
  resettle(saleId: string): Promise<void> {
    return this.serial.run(saleId, () => this.settleAll(saleId, null));
  }

  private async record(told: LedgerEntry): Promise<StoredEntry> {
    const { ledger } = this.shelves;
    const { namedCustomerId } = told;
    const isErased = namedCustomerId !== null && (await this.shelves.customers.isErased(namedCustomerId));
    const fit = isErased ? anonymous(told) : told;
    const known = await ledger.get(told.entryId);
    if (known === null) {
      const stored = await ledger.save(fit, null);
      const labels = { store: told.storeId, kind: told.kind };
      this.telemetry.meter.count('regulars_sales_counted_total', labels);
      return stored;
    }
    const joined = joinTellings(known.entry, fit);
    return isSame(joined, known.entry) ? known : ledger.save(joined, known.revision);
  }

  private async settleAll(saleId: string | null, alone: StoredEntry | null): Promise<void> {
    const family =
      saleId === null ? alone && [alone] : await persist(saleId, () => this.settleFamilyOf(saleId));
    for (const stored of family ?? []) if (isDue(stored.entry)) await this.finish(stored);
  }

  /** @returns the sale and its refunds as they are now */
  private async settleFamilyOf(saleId: string): Promise<StoredEntry[]> {
    const { ledger, links } = this.shelves;
    const sale = await ledger.get(saleId);
    const refunds = await ledger.refundsOf(saleId);
    const link = await links.get(saleId);
    const all = new Map(
      [...refunds, ...(sale ? [sale] : [])].map((stored) => [stored.entry.entryId, stored]),
    );
    const changed = settleFamily({
      sale: sale?.entry ?? null,
      refunds: refunds.map(({ entry }) => entry),
      joinedTo: link?.link.isSure === true ? link.link.customerId : null,
      // Only a sale that was joined is ever corrected, and a join is never removed.
      correction: link && (await links.corrections.of(saleId)),
    });
    for (const entry of changed) {
      const revision = all.get(entry.entryId)?.revision ?? null;
      all.set(entry.entryId, await ledger.save(entry, revision));
    }
    return [...all.values()];
  }

  private async finish(stored: StoredEntry): Promise<void> {
    const { entry, revision } = stored;
    const customers = new Set<string>();
    for (const key of entry.due) {
      const { customerId, period } = monthOfKey(key);
      await this.sums.run(customerId, () => this.sum(customerId, period));
      customers.add(customerId);
    }
    for (const customerId of customers) await this.counted(customerId, stored);
    try {
      await this.shelves.ledger.save(done(entry), revision);
    } catch (error) {
      // Whoever changed the entry meanwhile has the same months to sum, and tells it.
      if (!isConflict(error)) throw error;
    }
  }

  /** Of two who sum the same month at once, the later one read all that the earlier one had: the revision is
   *  read before the entries are. */
  private sum(customerId: string, period: number): Promise<void> {
    return persist(`${customerId} ${period}`, async () => {
      const { ledger, buckets } = this.shelves;
      const revision = await buckets.revisionOf(customerId);
      const entries = await ledger.ofMonth(customerId, period);
      if (entries.length === 0 && revision === 0) return;
      await buckets.save(sumMonth(customerId, period, entries), revision);
    });
  }
}
