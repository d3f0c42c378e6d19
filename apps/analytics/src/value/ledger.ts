import type { SaleRecorded, SaleRefunded } from '@regulars/contracts';
import type { Periods } from '@regulars/customer-value';
import type { LedgerEntry, SaleCorrection } from '@regulars/persistence';

/** One customer's month, as `customerId period`: what is summed anew together. */
export type MonthKey = string;

const monthKey = (customerId: string, period: number): MonthKey => `${customerId} ${period}`;

/** The customer and month that a key names. */
export function monthOfKey(key: MonthKey): { customerId: string; period: number } {
  const [customerId = '', period = ''] = key.split(' ');
  return { customerId, period: Number(period) };
}

function entry(
  told: Omit<LedgerEntry, 'day' | 'period' | 'ownerId' | 'counts' | 'due' | 'isTold'>,
  months: Periods,
): LedgerEntry {
  const day = months.dayOf(Date.parse(told.occurredAt));
  const period = months.indexOf(day);
  const ownerId = told.namedCustomerId;
  const due = ownerId === null ? [] : [monthKey(ownerId, period)];
  return { ...told, day, period, ownerId, counts: true, due, isTold: false };
}

export function entryOfSale(sale: SaleRecorded, months: Periods): LedgerEntry {
  const { customerId, items: _items, saleId, ...rest } = sale;
  const own = { entryId: saleId, kind: 'sale', saleId, isVoid: false, namedCustomerId: customerId } as const;
  return entry({ ...own, ...rest }, months);
}

export function entryOfRefund(refund: SaleRefunded, months: Periods): LedgerEntry {
  const { customerId, refundId, ...rest } = refund;
  const own = { entryId: refundId, kind: 'refund', namedCustomerId: customerId } as const;
  return entry({ ...own, ...rest }, months);
}

/** What is known once the same entry is told again: the first telling stands, and whom a later one names counts
 *  where nobody was named before. */
export function joinTellings(known: LedgerEntry, told: LedgerEntry): LedgerEntry {
  return known.namedCustomerId === null && told.namedCustomerId !== null
    ? { ...known, namedCustomerId: told.namedCustomerId }
    : known;
}

/** A sale with all its refunds, as far as they are known. */
export interface Family {
  readonly sale: LedgerEntry | null;
  readonly refunds: readonly LedgerEntry[];
  /** Customer of the visit that the sale is surely joined to. */
  readonly joinedTo: string | null;
  /** What operators said of the sale; null when nothing. */
  readonly correction: SaleCorrection | null;
}

/** Whose each entry is and whether it counts. An operator's word stands above the till's, and that above what the
 *  camera saw. A refund is its own customer's, or else its sale's. A void takes
 *  the sale back with everything that was refunded of it, as if none of it had been.
 *  @returns the entries that change, with the months that must be summed anew */
export function settleFamily({ sale, refunds, joinedTo, correction }: Family): LedgerEntry[] {
  const counts = !refunds.some(({ isVoid, saleId }) => isVoid && saleId !== null);
  const allowed = (customerId: string | null): string | null =>
    customerId !== null && correction?.notCustomerIds.includes(customerId) === true ? null : customerId;
  const instead = correction?.instead ?? null;
  const told = sale && (allowed(sale.namedCustomerId) ?? allowed(joinedTo));
  const saleOwner = sale && instead !== null ? instead.customerId : told;
  const settled = refunds.map((refund) =>
    owned(refund, allowed(refund.namedCustomerId) ?? saleOwner, counts),
  );
  if (sale) settled.push(owned(sale, saleOwner, counts));
  return settled.filter((next) => next !== sale && !refunds.includes(next));
}

function owned(before: LedgerEntry, ownerId: string | null, counts: boolean): LedgerEntry {
  if (before.ownerId === ownerId && before.counts === counts) return before;
  const touched = [before.ownerId, ownerId].filter((owner) => owner !== null);
  const due = new Set([...before.due, ...touched.map((owner) => monthKey(owner, before.period))]);
  return { ...before, ownerId, counts, due: [...due], isTold: false };
}

/** The entry once its months are summed and its owner's value is told. */
export function done(entry: LedgerEntry): LedgerEntry {
  return { ...entry, due: [], isTold: true };
}

/** The entry without whose it was, for good: without its till nobody else can be taken for the buyer. */
export function anonymous(entry: LedgerEntry): LedgerEntry {
  return { ...entry, namedCustomerId: null, ownerId: null, tillId: null, due: [] };
}

/** Whether something is still to be done about an entry. */
export function isDue({ due, isTold }: LedgerEntry): boolean {
  return due.length > 0 || !isTold;
}
