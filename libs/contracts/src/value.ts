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

/** What a reason is about. `shop`: what holds for all customers at this time; `sequence`: the order in which things
 *  happened, as the LSTM saw it; `since`: what the customer did, or did not do, since the month began. */
export const ForecastReasonGroup = z.enum([
  'recency',
  'frequency',
  'spend',
  'tenure',
  'rhythm',
  'trend',
  'season',
  'refunds',
  'visits',
  'satisfaction',
  'shop',
  'sequence',
  'since',
]);
export type ForecastReasonGroup = z.infer<typeof ForecastReasonGroup>;

/** By how much a group of inputs moved the forecast away from that of somebody who has just bought for the first time. */
export const ForecastReason = z.strictObject({
  group: ForecastReasonGroup,
  /** Of the logit of buying nothing; above 0: likelier to stay away. */
  churnLogit: z.number(),
  /** Of the logarithm of the expected spend; 0.1 is about a tenth more. */
  logSpend: z.number(),
});
export type ForecastReason = z.infer<typeof ForecastReason>;

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
  /** The weightiest first; absent before the first training, and of who came after it. */
  reasons: z.array(ForecastReason).optional(),
});
export type ForecastView = z.infer<typeof ForecastView>;
