import { z } from 'zod';
import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  Instant,
  RefundId,
  SaleId,
  StoreId,
  TillId,
} from '../primitives.js';
import { defineEvent } from './event.js';

export const SaleRefunded = defineEvent({
  key: 'sale.refunded',
  summary:
    'Money of a sale was given back, in part or whole (a void is a refund of the whole). May come before its sale.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'occurredAt',
  schema: z.strictObject({
    refundId: RefundId,
    /** The sale it belongs to; null when the till does not say. */
    saleId: SaleId.nullable(),
    storeId: StoreId,
    tillId: TillId.nullable(),
    /** Of the refund itself or else of its sale; null when neither names one. */
    customerId: CustomerId.nullable(),
    occurredAt: Instant,
    /** What was given back, positive. */
    amountMinor: AmountMinor,
    currency: CurrencyCode,
    /** Whether the whole sale is void, as if it had not been. */
    isVoid: z.boolean(),
  }),
  example: {
    refundId: 'ref_0h5t4f2k9s7d1m3q8w6e',
    saleId: 'sal_6e0h5t4f2k9s7d1m3q8w',
    storeId: 'main',
    tillId: 'till-1',
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    occurredAt: '2026-03-03T15:02:10.000Z',
    amountMinor: 990,
    currency: 'EUR',
    isVoid: false,
  },
});
export type SaleRefunded = z.infer<typeof SaleRefunded.schema>;
