import { netMinorOf, type PeriodBucket } from './buckets.js';

/** Recency, frequency and monetary value of one customer. Frequency counts every order, the first included
 *  (BG/NBD's counts only repeats). */
export interface Rfm {
  /** Days from the last purchase to the day of reading. */
  readonly recencyDays: number;
  readonly frequency: number;
  /** Net of refunds, floored at 0 in each period. */
  readonly monetaryMinor: number;
}

/** RFM of one customer on the day of reading: nothing in it grows stale when nobody buys.
 *  @param buckets any order; those after `day`'s period are ignored
 *  @param day the day of reading, counted as the buckets' days are
 *  @param fromPeriod first period of a trailing window; all of the history when absent
 *  @returns null when the customer bought nothing in the window */
export function rfmOf(buckets: readonly PeriodBucket[], day: number, fromPeriod = -Infinity): Rfm | null {
  const inWindow = buckets.filter(
    ({ period, firstDay }) => period >= fromPeriod && (firstDay === null || firstDay <= day),
  );
  const lastDay = inWindow.reduce((last, bucket) => Math.max(last, bucket.lastDay ?? -Infinity), -Infinity);
  if (lastDay === -Infinity) return null;
  return {
    recencyDays: Math.max(0, day - lastDay),
    frequency: inWindow.reduce((sum, { orders }) => sum + orders, 0),
    monetaryMinor: inWindow.reduce((sum, bucket) => sum + netMinorOf(bucket), 0),
  };
}
