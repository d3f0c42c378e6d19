import { ValueClass, type Instant, type ValueSummary } from '@regulars/contracts';
import {
  classOf,
  ClassCentroids,
  CUSTOMER_CLASSES,
  netMinorOf,
  rfmOf,
  rfmScores,
  segmentOf,
  type PeriodBucket,
  type Rfm,
  type RfmCuts,
  type ScoreCuts,
} from '@regulars/customer-value';
import type { CustomerValue, MonthBucket, Segmentation } from '@regulars/persistence';
import { mainCurrencyOf, periodBucketsOf } from './buckets.js';

/** Periods of a class: this month and the two before. */
export const CLASS_PERIODS = 3;

/** The day on which a value is read. */
export interface Today {
  /** Since 1970-01-01 in the shop's time zone. */
  readonly day: number;
  readonly period: number;
  readonly at: Instant;
}

type StoredCuts = Segmentation['cuts'][string];

const scoreCutsOf = (cuts: readonly (number | null)[]): ScoreCuts => {
  const [two, three, four, five] = cuts.map((cut) => cut ?? Infinity);
  return [two ?? Infinity, three ?? Infinity, four ?? Infinity, five ?? Infinity];
};

/** Until a shop has enough customers to compare: days since the last purchase and numbers of purchases; money by
 *  the customer's own mean purchase, so that it says the same as the number. */
function startingCuts({ frequency, monetaryMinor }: Rfm): RfmCuts {
  const mean = monetaryMinor / Math.max(1, frequency);
  const steps = [2, 3, 5, 9] as const;
  return {
    recency: [-180, -90, -45, -14],
    frequency: steps,
    monetary: [mean * steps[0], mean * steps[1], mean * steps[2], mean * steps[3]],
  };
}

function cutsOf(stored: StoredCuts | undefined, rfm: Rfm): RfmCuts {
  if (stored === undefined) return startingCuts(rfm);
  return {
    recency: scoreCutsOf(stored.recency),
    frequency: scoreCutsOf(stored.frequency),
    monetary: scoreCutsOf(stored.monetary),
  };
}

/** The segment from the day of reading on while nothing more is bought: with frozen cuts only the recency
 *  changes, and only on these days. */
function stepsOf(rfm: Rfm, cuts: RfmCuts, today: number): CustomerValue['steps'] {
  const lastDay = today - rfm.recencyDays;
  const turns = cuts.recency
    .filter((cut) => Number.isFinite(cut))
    .map((cut) => lastDay + Math.floor(-cut) + 1)
    .filter((day) => day > today);
  return [today, ...[...new Set(turns)].sort((one, other) => one - other)].map((fromDay) => {
    const scores = rfmScores({ ...rfm, recencyDays: fromDay - lastDay }, cuts);
    return { fromDay, recency: scores.recency, segment: segmentOf(scores) };
  });
}

/** Class of the last three months; `medium` for whoever bought while no centroids are fitted. */
export function classIn(
  buckets: readonly PeriodBucket[],
  period: number,
  centroids: ClassCentroids | null,
): ValueClass {
  const window = buckets.filter(
    (bucket) => bucket.period <= period && bucket.period > period - CLASS_PERIODS,
  );
  const orders = window.reduce((sum, bucket) => sum + bucket.orders, 0);
  if (orders === 0) return 'none';
  if (centroids === null) return 'medium';
  const spend = window.reduce((sum, bucket) => sum + netMinorOf(bucket), 0);
  return CUSTOMER_CLASSES[classOf(orders, spend, centroids)] ?? 'medium';
}

export function centroidsOf(segmentation: Segmentation | null, currency: string): ClassCentroids | null {
  const stored = segmentation?.classes[currency];
  return stored === undefined ? null : ClassCentroids.parse(stored);
}

/** What a customer was worth so far, from all their months.
 *  @returns null when nothing that counts was bought */
export function valueOf(
  customerId: string,
  buckets: readonly MonthBucket[],
  segmentation: Segmentation | null,
  today: Today,
): CustomerValue | null {
  const currency = mainCurrencyOf(buckets);
  if (currency === null) return null;
  const months = periodBucketsOf(buckets, currency);
  const firstDay = months.reduce((first, bucket) => Math.min(first, bucket.firstDay ?? Infinity), Infinity);
  const lastDay = months.reduce((last, bucket) => Math.max(last, bucket.lastDay ?? -Infinity), -Infinity);
  // A till whose clock is ahead: its sale is read as if the day had come.
  const day = Math.max(today.day, lastDay);
  const rfm = rfmOf(months, day);
  if (rfm === null) return null;
  const cuts = cutsOf(segmentation?.cuts[currency], rfm);
  const scores = rfmScores(rfm, cuts);
  return {
    customerId,
    currency,
    firstDay,
    lastDay,
    orders: rfm.frequency,
    days: months.reduce((sum, bucket) => sum + bucket.days, 0),
    netMinor: rfm.monetaryMinor,
    version: segmentation?.version ?? 0,
    scores: { ...scores },
    segment: segmentOf(scores),
    class: classIn(months, today.period, centroidsOf(segmentation, currency)),
    steps: stepsOf(rfm, cuts, day),
    updatedAt: today.at,
  };
}

/** A stored value as it is read on a day. */
export function summaryOf(value: CustomerValue, day: number): ValueSummary {
  const step = value.steps.findLast(({ fromDay }) => fromDay <= day) ?? value.steps[0];
  return {
    currency: value.currency,
    recencyDays: Math.max(0, day - value.lastDay),
    frequency: value.orders,
    monetaryMinor: value.netMinor,
    scores: { ...value.scores, recency: step?.recency ?? value.scores.recency },
    segment: step?.segment ?? value.segment,
    class: ValueClass.parse(value.class),
  };
}
