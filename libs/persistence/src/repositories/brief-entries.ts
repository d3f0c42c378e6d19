import type { Instant } from '@regulars/contracts';
import type { LedgerEntry } from './ledger-entry.js';
import type { SaleRecord } from './sale-record.js';

const DAY_MS = 86_400_000;
const periods = new Map<number, number>();

/** Month (12 * year + month - 1) of a day since 1970-01-01. */
export function periodOfDay(day: number): number {
  const known = periods.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS);
  const period = 12 * date.getUTCFullYear() + date.getUTCMonth();
  periods.set(day, period);
  return period;
}

/** An imported sale or refund on one line: all that the ledger counts of it but whose it is and where. A file of
 *  history names no till and voids nothing. */
export function lineOf(record: SaleRecord): string {
  const { id, occurredAt, day = 0, amountMinor, currency } = record;
  return `${id} ${occurredAt} ${day} ${amountMinor} ${currency}`;
}

/** @param line as `lineOf` made it */
export function entryOfLine(line: string, customerId: string, storeId: string): LedgerEntry {
  const [entryId = '', occurredAt = '', days, amount, currency = ''] = line.split(' ');
  const isSale = entryId.startsWith('sal_');
  const day = Number(days);
  return {
    entryId,
    kind: isSale ? 'sale' : 'refund',
    saleId: isSale ? entryId : null,
    storeId,
    tillId: null,
    occurredAt,
    day,
    period: periodOfDay(day),
    amountMinor: Number(amount),
    currency,
    isVoid: false,
    namedCustomerId: customerId,
    ownerId: customerId,
    counts: true,
    due: [],
    isTold: true,
  };
}

interface Timed {
  readonly occurredAt: Instant;
}

const idOf = (entry: object): string =>
  'entryId' in entry ? String(entry.entryId) : 'id' in entry ? String(entry.id) : '';

/** As they happened. */
export function inTime<Entry extends Timed>(one: Entry, other: Entry): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? -1 : 1;
  return idOf(one) < idOf(other) ? -1 : Number(idOf(one) > idOf(other));
}

/** Both as they happened. @param ones in any order; @param others in order of time */
export async function* mergedInTime<Entry extends Timed>(
  ones: readonly Entry[],
  others: AsyncGenerator<Entry>,
): AsyncGenerator<Entry> {
  const sorted = [...ones].sort(inTime);
  let next = 0;
  for await (const other of others) {
    for (let one = sorted[next]; one !== undefined && inTime(one, other) < 0; one = sorted[++next]) yield one;
    yield other;
  }
  yield* sorted.slice(next);
}
