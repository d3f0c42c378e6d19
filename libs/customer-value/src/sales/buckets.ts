import type { Periods } from './periods.js';
import { orderedOnce, withoutReversals, type Sale } from './sale.js';

/** What one customer did in one period. Sums, minima and maxima only, so that sales may be added in any order;
 *  a late one goes into the bucket of its own period. */
export interface PeriodBucket {
  readonly period: number;
  /** Purchases, without refunds. */
  readonly grossMinor: number;
  /** Money given back, as a positive amount. */
  readonly refundsMinor: number;
  readonly orders: number;
  /** Days with a purchase. */
  readonly days: number;
  /** First and last day with a purchase; null when there were only refunds. */
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  /** Purchases of the first day, where known: the usual Gamma-Gamma leaves a customer's first purchase out. */
  readonly firstDayMinor?: number;
}

/** What the customer spent in a period: purchases less refunds, never below 0. */
export function netMinorOf({ grossMinor, refundsMinor }: PeriodBucket): number {
  return Math.max(0, grossMinor - refundsMinor);
}

/** Buckets by customer, each customer's in the order of time. Redeliveries count once, sales that were taken back
 *  wholly not at all. */
export function bucketsOf(sales: Iterable<Sale>, periods: Periods): Map<string, PeriodBucket[]> {
  const customers = new Map<string, PeriodBucket[]>();
  for (const sale of withoutReversals(orderedOnce(sales))) {
    const day = periods.dayOf(sale.occurredAtMs);
    const buckets = customers.get(sale.customerId) ?? [];
    if (buckets.length === 0) customers.set(sale.customerId, buckets);
    const period = periods.indexOf(day);
    const last = buckets.at(-1);
    if (last?.period === period) buckets[buckets.length - 1] = addSale(last, day, sale.amountMinor);
    else buckets.push(addSale(emptyBucket(period), day, sale.amountMinor));
  }
  return customers;
}

function emptyBucket(period: number): PeriodBucket {
  return { period, grossMinor: 0, refundsMinor: 0, orders: 0, days: 0, firstDay: null, lastDay: null };
}

/** @param day not before the bucket's last one */
function addSale(bucket: PeriodBucket, day: number, amountMinor: number): PeriodBucket {
  if (amountMinor < 0) return { ...bucket, refundsMinor: bucket.refundsMinor - amountMinor };
  if (amountMinor === 0) return bucket;
  return {
    ...bucket,
    grossMinor: bucket.grossMinor + amountMinor,
    orders: bucket.orders + 1,
    days: bucket.days + (bucket.lastDay === day ? 0 : 1),
    firstDay: bucket.firstDay ?? day,
    lastDay: day,
    firstDayMinor: (bucket.firstDayMinor ?? 0) + ((bucket.firstDay ?? day) === day ? amountMinor : 0),
  };
}
