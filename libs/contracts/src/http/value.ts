import { z } from 'zod';
import { AmountMinor, CalendarDay, CurrencyCode, CustomerId, Instant, StoreId } from '../primitives.js';
import { ForecastView, SegmentName, ValueClass, ValueSummary } from '../value.js';

const count = z.int().min(0);

/** What a customer did in the last so many days. */
export const ValueWindow = z.strictObject({
  days: z.int().min(1),
  purchases: count,
  spendMinor: AmountMinor,
  refundsMinor: AmountMinor,
});

export const CustomerValueView = z.strictObject({
  customerId: CustomerId,
  /** Null when the customer bought nothing yet. */
  value: ValueSummary.nullable(),
  firstPurchaseOn: CalendarDay.nullable(),
  lastPurchaseOn: CalendarDay.nullable(),
  windows: z.array(ValueWindow),
  /** Money by currency and month, oldest first. */
  months: z.array(
    z.strictObject({
      month: z.string(),
      currency: CurrencyCode,
      purchases: count,
      spendMinor: AmountMinor,
      refundsMinor: AmountMinor,
    }),
  ),
  forecast: ForecastView.nullable(),
});
export type CustomerValueView = z.infer<typeof CustomerValueView>;

export const SegmentsView = z.strictObject({
  /** When the cuts were last taken from all customers; null before the first time. */
  computedAt: Instant.nullable(),
  version: count,
  customers: count,
  segments: z.array(
    z.strictObject({
      segment: SegmentName,
      customers: count,
      share: z.number().min(0).max(1),
      /** What they spent so far, by currency, at `computedAt`. */
      spend: z.array(z.strictObject({ currency: CurrencyCode, spendMinor: AmountMinor })),
    }),
  ),
  classes: z.array(z.strictObject({ class: ValueClass, customers: count })),
});
export type SegmentsView = z.infer<typeof SegmentsView>;

export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export const ValuedCustomerView = z.strictObject({
  customerId: CustomerId,
  displayName: z.string().nullable(),
  value: ValueSummary,
});
export type ValuedCustomerView = z.infer<typeof ValuedCustomerView>;

export const CohortsView = z.strictObject({
  computedAt: Instant.nullable(),
  cohorts: z.array(
    z.strictObject({
      /** Month of the first purchase, e.g. 2026-03. */
      month: z.string(),
      customers: count,
      /** Customers who bought so many months later; the first entry is all of them. */
      active: z.array(count),
    }),
  ),
});
export type CohortsView = z.infer<typeof CohortsView>;

const step = z.enum(['hour', 'day', 'month']);

export const TrafficQuery = z.strictObject({
  storeId: StoreId.default('main'),
  by: step.default('day'),
  /** First and last day, in the shop's time zone; the last 7 days when absent. */
  from: CalendarDay.optional(),
  to: CalendarDay.optional(),
  customerId: CustomerId.optional(),
});
export type TrafficQuery = z.infer<typeof TrafficQuery>;

export const TrafficView = z.strictObject({
  storeId: StoreId,
  by: step,
  items: z.array(
    z.strictObject({
      /** In the shop's time zone: 2026-03, 2026-03-01 or 2026-03-01T09. */
      time: z.string(),
      visits: count,
      customers: count,
      strangers: count,
    }),
  ),
});
export type TrafficView = z.infer<typeof TrafficView>;

export const ConversionView = z.strictObject({
  storeId: StoreId,
  by: step,
  items: z.array(
    z.strictObject({
      time: z.string(),
      visits: count,
      /** Visits with a sale that is joined to them surely enough. */
      buyingVisits: count,
      /** The same, each counted by its probability. */
      expectedBuyingVisits: z.number().min(0),
      sales: count,
      /** Null without visits. */
      conversion: z.number().min(0).max(1).nullable(),
    }),
  ),
});
export type ConversionView = z.infer<typeof ConversionView>;

export const LoyaltyRuleId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
  error: 'expected 1 to 40 lower-case letters, digits or inner hyphens',
});

/** Who came so often, or spent so much, in the last so many days; both when both are given. */
export const LoyaltyRule = z
  .strictObject({
    ruleId: LoyaltyRuleId,
    name: z.string().trim().min(1).max(80),
    periodDays: z.int().min(1).max(730),
    /** Days on which the customer was seen or bought. */
    minVisitDays: z.int().min(1).max(730).optional(),
    minSpendMinor: AmountMinor.min(1).optional(),
    currency: CurrencyCode.optional(),
  })
  .refine(({ minVisitDays, minSpendMinor }) => minVisitDays !== undefined || minSpendMinor !== undefined, {
    error: 'expected minVisitDays, minSpendMinor or both',
    path: ['minVisitDays'],
  })
  .refine(({ minSpendMinor, currency }) => minSpendMinor === undefined || currency !== undefined, {
    error: 'expected the currency of minSpendMinor',
    path: ['currency'],
  });
export type LoyaltyRule = z.infer<typeof LoyaltyRule>;

export const LoyaltyRules = z.strictObject({
  rules: z
    .array(LoyaltyRule)
    .max(20)
    .refine((rules) => new Set(rules.map(({ ruleId }) => ruleId)).size === rules.length, {
      error: 'two rules have the same ruleId',
    }),
});
export type LoyaltyRules = z.infer<typeof LoyaltyRules>;

export const LoyalCustomersQuery = z.strictObject({
  ...PageQuery.shape,
  ruleId: LoyaltyRuleId.optional(),
});
export type LoyalCustomersQuery = z.infer<typeof LoyalCustomersQuery>;

export const LoyalCustomerView = z.strictObject({
  customerId: CustomerId,
  displayName: z.string().nullable(),
  ruleId: LoyaltyRuleId,
  visitDays: count,
  spendMinor: AmountMinor,
  reachedAt: Instant,
});
export type LoyalCustomerView = z.infer<typeof LoyalCustomerView>;

export const ForecastQuery = z.strictObject({
  ...PageQuery.shape,
  /** The likeliest to stay away first, or those who will spend most. */
  order: z.enum(['churn', 'spend']).default('churn'),
});
export type ForecastQuery = z.infer<typeof ForecastQuery>;

export const CustomerForecastView = z.strictObject({
  customerId: CustomerId,
  displayName: z.string().nullable(),
  forecast: ForecastView,
});
export type CustomerForecastView = z.infer<typeof CustomerForecastView>;

/** How the forecasting stands. */
export const ForecastReportView = z.strictObject({
  state: z.enum(['never', 'running', 'done', 'failed', 'cancelled']),
  /** 0 to 1 while running. */
  progress: z.number().min(0).max(1),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  model: z.string().nullable(),
  note: z.string().nullable(),
  customers: count,
  atRisk: count,
  /** Months of history there were. */
  historyMonths: z.number().min(0),
  /** Code of the failure. */
  failure: z.string().nullable(),
  /** The back-test as it was measured: the models side by side; null when there was none. */
  backTest: z.unknown(),
});
export type ForecastReportView = z.infer<typeof ForecastReportView>;

export const ForecastRunRequest = z.strictObject({ action: z.enum(['run', 'cancel']).default('run') });
export type ForecastRunRequest = z.infer<typeof ForecastRunRequest>;

export const CampaignQuery = z.strictObject({
  /** Least probability of staying away. */
  minChurn: z.coerce.number().min(0).max(1).default(0.5),
  /** Share of the list that is held out at random, so that the uplift can be measured. */
  holdOut: z.coerce.number().min(0).max(0.5).default(0.1),
  limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
});
export type CampaignQuery = z.infer<typeof CampaignQuery>;
