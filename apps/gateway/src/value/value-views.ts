import type { CustomerValueView, ValueSummary } from '@regulars/contracts';
import type { CustomerValue, LedgerEntry, MonthBucket } from '@regulars/persistence';

/** Trailing windows of a customer's value, days. */
export const WINDOW_DAYS = [30, 90, 365] as const;

/** A stored value as it is read on a day: how it grows old stands in its steps. */
export function summaryOf(value: CustomerValue, day: number): ValueSummary {
  const step = value.steps.findLast(({ fromDay }) => fromDay <= day) ?? value.steps[0];
  return {
    currency: value.currency,
    recencyDays: Math.max(0, day - value.lastDay),
    frequency: value.orders,
    monetaryMinor: value.netMinor,
    scores: { ...value.scores, recency: step?.recency ?? value.scores.recency },
    segment: step?.segment ?? value.segment,
    class: value.class,
  };
}

/** @param entries the customer's, of the longest window at least
 *  @param currency whose money is summed; purchases count in any */
export function windowsOf(
  entries: readonly LedgerEntry[],
  currency: string,
  day: number,
): CustomerValueView['windows'] {
  return WINDOW_DAYS.map((days) => {
    const within = entries.filter((entry) => entry.counts && entry.day > day - days);
    const money = (kind: LedgerEntry['kind']) =>
      within
        .filter((entry) => entry.kind === kind && entry.currency === currency)
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const purchases = within.filter(({ kind, amountMinor }) => kind === 'sale' && amountMinor > 0).length;
    return { days, purchases, spendMinor: money('sale'), refundsMinor: money('refund') };
  });
}

export function monthsOf(buckets: readonly MonthBucket[]): CustomerValueView['months'] {
  return buckets.flatMap(({ period, currencies }) =>
    Object.entries(currencies).map(([currency, { orders, grossMinor, refundsMinor }]) => ({
      month: new Date(Date.UTC(Math.floor(period / 12), period % 12)).toISOString().slice(0, 7),
      currency,
      purchases: orders,
      spendMinor: grossMinor,
      refundsMinor,
    })),
  );
}
