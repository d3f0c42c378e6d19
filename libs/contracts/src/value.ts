import { z } from 'zod';
import { AmountMinor, CalendarDay, CurrencyCode } from './primitives.js';

/** Named groups of customers, best first; docs/value.md says how they follow from the scores. */
export const SegmentName = z.enum([
  'champions',
  'loyal',
  'potential-loyal',
  'new',
  'promising',
  'need-attention',
  'at-risk',
  'cannot-lose',
  'hibernating',
  'lost',
]);
export type SegmentName = z.infer<typeof SegmentName>;

/** Class of a customer's last three months; `none`: bought nothing in them. */
export const ValueClass = z.enum(['high', 'medium', 'low', 'none']);
export type ValueClass = z.infer<typeof ValueClass>;

const score = z.int().min(1).max(5);

/** Each 1 (worst fifth of the customers) to 5 (best fifth). */
export const RfmScoresView = z.strictObject({ recency: score, frequency: score, monetary: score });
export type RfmScoresView = z.infer<typeof RfmScoresView>;

/** What a customer was worth so far. */
export const ValueSummary = z.strictObject({
  /** The currency the customer mostly pays in; the money is that of this currency alone. */
  currency: CurrencyCode,
  /** Whole days since the last purchase, in the shop's time zone. */
  recencyDays: z.int().min(0),
  /** Purchases, the first included, in any currency; none that was taken back wholly. */
  frequency: z.int().min(0),
  /** Spent less given back, never below 0 in a month. */
  monetaryMinor: AmountMinor,
  scores: RfmScoresView,
  segment: SegmentName,
  class: ValueClass,
});
export type ValueSummary = z.infer<typeof ValueSummary>;

const probability = z.number().min(0).max(1);

/** Expectation of one customer for the months after `from`. */
export const ForecastView = z.strictObject({
  /** First day of the forecast. */
  from: CalendarDay,
  months: z.int().min(1),
  currency: CurrencyCode,
  expectedSpendMinor: z.number().min(0),
  /** Interval of the spend that holds in eight of ten cases; null when the model gives none. */
  spendRangeMinor: z.strictObject({ low: z.number().min(0), high: z.number().min(0) }).nullable(),
  /** That nothing is bought in these months. */
  churnProbability: probability,
  /** Null when the model gives none. */
  classes: z.record(ValueClass, probability).nullable(),
  /** Null when no further visit is expected. */
  nextPurchaseOn: CalendarDay.nullable(),
  /** The model that serves, e.g. `bg-nbd` or `lstm`. */
  model: z.string(),
  /** Why no better model serves, e.g. too little history; null when the best one does. */
  note: z.string().nullable(),
});
export type ForecastView = z.infer<typeof ForecastView>;
