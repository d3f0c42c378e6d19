import type { PeriodBucket } from '../sales/buckets.js';

/** The customers whose first purchase fell into one period, and how many of them bought again. */
export interface Cohort {
  readonly period: number;
  readonly customers: number;
  /** Customers with a purchase so many periods after the first; the entry at 0 is all of them. It ends with the
   *  period of reading. */
  readonly active: readonly number[];
}

/** The retention matrix.
 *  @param lastPeriod the period of reading; what comes after it is ignored */
export function cohortsOf(customers: Iterable<readonly PeriodBucket[]>, lastPeriod: number): Cohort[] {
  const cohorts = new Map<number, number[]>();
  for (const buckets of customers) {
    const active = buckets
      .filter(({ orders, period }) => orders > 0 && period <= lastPeriod)
      .map(({ period }) => period);
    if (active.length === 0) continue;
    const first = Math.min(...active);
    const counts = cohorts.get(first) ?? new Array<number>(lastPeriod - first + 1).fill(0);
    cohorts.set(first, counts);
    for (const period of new Set(active)) counts[period - first] = (counts[period - first] ?? 0) + 1;
  }
  return [...cohorts]
    .sort(([one], [other]) => one - other)
    .map(([period, active]) => ({ period, customers: active[0] ?? 0, active }));
}
