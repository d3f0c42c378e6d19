import { z } from 'zod';
import { AmountMinor, CurrencyCode, CustomerId, Instant, SaleId, StoreId, TillId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SaleRecorded = defineEvent({
  key: 'sale.recorded',
  summary: 'A till sold something. Told exactly once a sale, however often the till sends it.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'occurredAt',
  schema: z.strictObject({
    saleId: SaleId,
    storeId: StoreId,
    /** Null when the till does not say which one it is. */
    tillId: TillId.nullable(),
    /** Null when no card or number names the customer; analytics may join the sale to a visit. */
    customerId: CustomerId.nullable(),
    /** When it was sold, by the till's clock as corrected on receipt. */
    occurredAt: Instant,
    amountMinor: AmountMinor,
    currency: CurrencyCode,
    /** Pieces or lines sold; null when the till does not say. */
    items: z.int().min(0).nullable(),
  }),
  example: {
    saleId: 'sal_6e0h5t4f2k9s7d1m3q8w',
    storeId: 'main',
    tillId: 'till-1',
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    occurredAt: '2026-03-01T09:12:40.000Z',
    amountMinor: 1990,
    currency: 'EUR',
    items: 3,
  },
});
export type SaleRecorded = z.infer<typeof SaleRecorded.schema>;
