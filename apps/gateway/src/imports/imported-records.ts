import type { Instant } from '@regulars/contracts';
import type { SaleRecord } from '@regulars/persistence';
import { refundIdOf, saleIdOf } from '../sales/sale-records.js';
import { shopCalendar, type ShopCalendar } from '../value/shop-calendar.js';
import type { ImportedSale } from './import-layouts.js';
import { Occurrences } from './occurrences.js';

interface Batch {
  readonly importId: string;
  readonly storeId: string;
  readonly receivedAt: Instant;
  /** IANA name of the shop's. */
  readonly timeZone: string;
}

/** Offsets of time zones change on the quarter of an hour at the earliest. */
const QUARTER_MS = 900_000;

/** Makes the records of one file. Where the file has the till's own id, a record is the very one that the till
 *  posts; where it has none, the n-th of several equal rows is the n-th in every file that holds them. */
export class ImportedRecords {
  /** Our customers by the operator's numbers, as far as the file was read. */
  readonly customers = new Map<string, string>();
  private readonly seen = new Occurrences();
  private readonly numbers = new WeakMap<ImportedSale, number>();

  private readonly dayOfQuarter = new Map<number, number>();
  private readonly calendar: ShopCalendar;

  constructor(private readonly batch: Batch) {
    this.calendar = shopCalendar(batch.timeZone);
  }

  /** Counts a sale without an id of its own; once for each, in the order of the file. */
  number(sale: ImportedSale): void {
    if (sale.externalId !== null) return;
    this.numbers.set(sale, this.seen.meet(keyOf(sale)));
  }

  recordOf(sale: ImportedSale): SaleRecord {
    const { importId, storeId, receivedAt } = this.batch;
    const source = sale.externalId === null ? 'import' : 'till';
    const externalId = sale.externalId ?? `${keyOf(sale)} ${this.numbers.get(sale) ?? 1}`;
    const common = {
      storeId,
      source,
      externalId,
      tillId: null,
      customerId: sale.customer === null ? null : (this.customers.get(sale.customer) ?? null),
      occurredAt: new Date(sale.occurredAtMs).toISOString(),
      tillSaid: null,
      receivedAt,
      amountMinor: Math.abs(sale.amountMinor),
      currency: sale.currency,
      importId,
      day: this.dayOf(sale.occurredAtMs),
    };
    if (sale.amountMinor >= 0) {
      const id = saleIdOf(source, storeId, externalId);
      return { kind: 'sale', id, ...common, items: sale.items, lines: null };
    }
    const id = refundIdOf(source, storeId, externalId);
    return { kind: 'refund', id, ...common, saleId: null, isVoid: false };
  }

  private dayOf(atMs: number): number {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const known = this.dayOfQuarter.get(quarter);
    if (known !== undefined) return known;
    const day = this.calendar.dayOf(quarter * QUARTER_MS);
    this.dayOfQuarter.set(quarter, day);
    return day;
  }
}

function keyOf({ customer, occurredAtMs, amountMinor }: ImportedSale): string {
  return `${customer ?? ''} ${occurredAtMs} ${amountMinor}`;
}
