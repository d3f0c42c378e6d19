import type { PeriodBucket } from '@regulars/customer-value';
import type { LedgerEntry, MonthBucket } from '@regulars/persistence';

/** A customer's month from the ledger's entries of it that count, in any order. Refunds count in the month in
 *  which they were given. */
export function sumMonth(customerId: string, period: number, entries: readonly LedgerEntry[]): MonthBucket {
  const days = new Set<number>();
  const currencies: Record<string, { orders: number; grossMinor: number; refundsMinor: number }> = {};
  let orders = 0;
  for (const { kind, currency, amountMinor, day } of entries) {
    const sum = (currencies[currency] ??= { orders: 0, grossMinor: 0, refundsMinor: 0 });
    if (kind === 'refund') sum.refundsMinor += amountMinor;
    else if (amountMinor > 0) {
      sum.grossMinor += amountMinor;
      sum.orders += 1;
      orders += 1;
      days.add(day);
    }
  }
  const sorted = [...days].sort((one, other) => one - other);
  return {
    customerId,
    period,
    orders,
    days: sorted.length,
    firstDay: sorted[0] ?? null,
    lastDay: sorted.at(-1) ?? null,
    currencies: Object.fromEntries(Object.entries(currencies).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The currency that a customer mostly pays in; the one with more money when two are paid in equally often.
 *  @returns null when nothing was bought */
export function mainCurrencyOf(buckets: readonly MonthBucket[]): string | null {
  const totals = new Map<string, { orders: number; gross: number }>();
  for (const { currencies } of buckets) {
    for (const [currency, { orders, grossMinor }] of Object.entries(currencies)) {
      const total = totals.get(currency) ?? { orders: 0, gross: 0 };
      totals.set(currency, { orders: total.orders + orders, gross: total.gross + grossMinor });
    }
  }
  const [first] = [...totals]
    .filter(([, { orders }]) => orders > 0)
    .sort(([a, one], [b, other]) => other.orders - one.orders || other.gross - one.gross || (a < b ? -1 : 1));
  return first?.[0] ?? null;
}

/** The buckets as the mathematics takes them: purchases in any currency, money of one. */
export function periodBucketsOf(buckets: readonly MonthBucket[], currency: string): PeriodBucket[] {
  return buckets.map(({ period, orders, days, firstDay, lastDay, currencies }) => {
    const { grossMinor = 0, refundsMinor = 0 } = currencies[currency] ?? {};
    return { period, orders, days, firstDay, lastDay, grossMinor, refundsMinor };
  });
}
