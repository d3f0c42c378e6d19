import { z } from 'zod';
import { CustomerId, Instant, SaleId, StoreId } from '../primitives.js';
import { ForecastView, ValueSummary } from '../value.js';
import { defineEvent } from './event.js';

export const ValueUpdated = defineEvent({
  key: 'value.updated',
  summary: 'What a customer is worth, after a sale or refund of theirs was counted.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway'],
  happenedAt: 'updatedAt',
  schema: z.strictObject({
    customerId: CustomerId,
    storeId: StoreId,
    /** The sale that was counted, or whose refund was; null when the till does not name it. */
    saleId: SaleId.nullable(),
    /** Whether the customer was not named by the till but joined by the visit that stood there. */
    isJoined: z.boolean(),
    updatedAt: Instant,
    /** Null when no purchase of the customer's is left. */
    value: ValueSummary.nullable(),
    /** Null until there is a forecast. */
    forecast: ForecastView.nullable(),
  }),
  example: {
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    storeId: 'main',
    saleId: 'sal_6e0h5t4f2k9s7d1m3q8w',
    isJoined: false,
    updatedAt: '2026-03-01T09:12:40.500Z',
    value: {
      currency: 'EUR',
      recencyDays: 0,
      frequency: 12,
      monetaryMinor: 34_560,
      scores: { recency: 5, frequency: 4, monetary: 4 },
      segment: 'champions',
      class: 'high',
    },
    forecast: {
      from: '2026-03-01',
      months: 3,
      currency: 'EUR',
      expectedSpendMinor: 8_120.5,
      spendRangeMinor: { low: 2_100, high: 15_900 },
      churnProbability: 0.08,
      classes: { none: 0.08, low: 0.22, medium: 0.4, high: 0.3 },
      nextPurchaseOn: '2026-03-14',
      model: 'bg-nbd',
      note: 'less than 15 months of history',
    },
  },
});
export type ValueUpdated = z.infer<typeof ValueUpdated.schema>;
