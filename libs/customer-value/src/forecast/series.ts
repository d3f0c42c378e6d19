import { netMinorOf, type PeriodBucket } from '../sales/buckets.js';
import type { Periods } from '../sales/periods.js';

/** What a set of customers did, period by period, in columns. Rows are customers with a purchase; the values of a
 *  row follow each other, `count` of them, the first for the period `first`. */
export interface PurchaseSeries {
  readonly periods: Periods;
  readonly first: number;
  readonly count: number;
  readonly customerIds: readonly string[];
  /** Net of refunds, floored at 0. */
  readonly netMinor: Float64Array;
  readonly grossMinor: Float64Array;
  readonly refundsMinor: Float64Array;
  readonly orders: Float64Array;
  /** Days with a purchase. */
  readonly days: Float64Array;
  /** Last day with a purchase up to the end of the period; -1 before the first. */
  readonly lastDay: Int32Array;
  /** First day with a purchase, one per customer. */
  readonly firstDay: Int32Array;
  /** Purchases of that day; their mean over the first period's days where the day's own are not known. */
  readonly firstDayMinor: Float64Array;
  /** What cameras saw of the same customers, where there are any. */
  readonly signals?: VisitSignals;
}

/** Visits in columns like those of the series. */
export interface VisitSignals {
  /** Days on which the customer was seen. */
  readonly visitDays: Float64Array;
  /** Mean satisfaction of the period's visits, 0 to 1; NaN where none was scored. */
  readonly satisfaction: Float64Array;
}

/** @param customers buckets by customer, any order; customers without a purchase in the span are left out
 *  @param first first period, @param count periods from there */
export function seriesOf(
  customers: ReadonlyMap<string, readonly PeriodBucket[]>,
  periods: Periods,
  first: number,
  count: number,
): PurchaseSeries {
  const isInside = ({ period }: PeriodBucket) => period >= first && period < first + count;
  const buyers = [...customers].flatMap(([customerId, buckets]) => {
    const inside = buckets.filter(isInside);
    return inside.some(({ orders }) => orders > 0) ? [{ customerId, inside }] : [];
  });
  const column = () => new Float64Array(buyers.length * count);
  const series = {
    periods,
    first,
    count,
    customerIds: buyers.map(({ customerId }) => customerId),
    netMinor: column(),
    grossMinor: column(),
    refundsMinor: column(),
    orders: column(),
    days: column(),
    lastDay: new Int32Array(buyers.length * count).fill(-1),
    firstDay: new Int32Array(buyers.length).fill(2 ** 31 - 1),
    firstDayMinor: new Float64Array(buyers.length),
  };
  buyers.forEach(({ inside }, row) => {
    for (const bucket of inside) addBucket(series, row, bucket);
    for (let at = row * count + 1; at < (row + 1) * count; at += 1)
      series.lastDay[at] = Math.max(series.lastDay[at] ?? -1, series.lastDay[at - 1] ?? -1);
  });
  return series;
}

function addBucket(series: PurchaseSeries, row: number, bucket: PeriodBucket): void {
  const at = row * series.count + bucket.period - series.first;
  series.netMinor[at] = netMinorOf(bucket);
  series.grossMinor[at] = bucket.grossMinor;
  series.refundsMinor[at] = bucket.refundsMinor;
  series.orders[at] = bucket.orders;
  series.days[at] = bucket.days;
  series.lastDay[at] = bucket.lastDay ?? -1;
  if (bucket.firstDay === null || bucket.firstDay >= (series.firstDay[row] ?? 0)) return;
  series.firstDay[row] = bucket.firstDay;
  series.firstDayMinor[row] = bucket.firstDayMinor ?? bucket.grossMinor / Math.max(1, bucket.days);
}

/** First day after `observed` periods: the day that a forecast from there begins. */
export function dayAfter(series: PurchaseSeries, observed: number): number {
  return series.periods.startOf(series.first + observed);
}

/** Whether the customer had bought by the end of `observed` periods. */
export function isKnown(series: PurchaseSeries, row: number, observed: number): boolean {
  return observed > 0 && (series.lastDay[row * series.count + observed - 1] ?? -1) >= 0;
}

/** Sum of a customer's values in the periods from..to-1, counted from the series' first; those before it are 0. */
export function sumOver(
  column: Float64Array,
  { count }: PurchaseSeries,
  row: number,
  from: number,
  to: number,
): number {
  let sum = 0;
  for (let period = Math.max(0, from); period < Math.min(to, count); period += 1)
    sum += column[row * count + period] ?? 0;
  return sum;
}

/** The same customers' first `count` periods. */
export function shortened(series: PurchaseSeries, count: number): PurchaseSeries {
  const cut = <Column extends Float64Array | Int32Array>(column: Column): Column => {
    const kept = column.slice(0, series.customerIds.length * count) as Column;
    for (let row = 0; row < series.customerIds.length; row += 1)
      kept.set(column.subarray(row * series.count, row * series.count + count), row * count);
    return kept;
  };
  return {
    ...series,
    count,
    netMinor: cut(series.netMinor),
    grossMinor: cut(series.grossMinor),
    refundsMinor: cut(series.refundsMinor),
    orders: cut(series.orders),
    days: cut(series.days),
    lastDay: cut(series.lastDay),
    ...(series.signals && {
      signals: {
        visitDays: cut(series.signals.visitDays),
        satisfaction: cut(series.signals.satisfaction),
      },
    }),
  };
}
