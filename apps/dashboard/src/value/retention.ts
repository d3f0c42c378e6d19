import type { CohortsView } from '@regulars/contracts';

export interface RetentionLine {
  readonly month: string;
  readonly customers: number;
  /** Of the cohort's customers, how many bought so many months later; 0 to 1. The first is 1. */
  readonly shares: readonly number[];
}

/** The cohorts as shares of their own size, newest cohort last; empty ones are left out.
 *  @param most entries of a line */
export function retentionOf({ cohorts }: CohortsView, most: number): readonly RetentionLine[] {
  return cohorts
    .filter(({ customers }) => customers > 0)
    .slice(-most)
    .map(({ month, customers, active }) => ({
      month,
      customers,
      shares: active.slice(0, most).map((count) => Math.min(1, count / customers)),
    }));
}
