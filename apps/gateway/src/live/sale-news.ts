import { assertNever, type LivePayload, type LiveVisitor } from '@regulars/contracts';
import type { HeardEvent } from './heard-event.js';
import type { Acquaintance, LiveNews } from './live-event.js';

type SaleEvent = Extract<HeardEvent, { key: 'sale.recorded' | 'sale.refunded' | 'sales.imported' }>;

/** What a page is told of a sale, a refund or an import that ended. */
export function toSaleNews(event: SaleEvent, acquaintance: Pick<Acquaintance, 'nameOf'>): LiveNews {
  const whoIs = (customerId: string | null): LiveVisitor =>
    customerId === null
      ? { kind: 'undecided' }
      : { kind: 'customer', customerId, displayName: acquaintance.nameOf(customerId) };
  const news = (at: string, payload: LivePayload): LiveNews => ({
    storeId: event.payload.storeId,
    at,
    payload,
  });
  switch (event.key) {
    case 'sale.recorded': {
      const { storeId: _, customerId, occurredAt, ...sale } = event.payload;
      return news(occurredAt, { kind: 'sale', who: whoIs(customerId), ...sale });
    }
    case 'sale.refunded': {
      const { storeId: _, customerId, occurredAt, ...refund } = event.payload;
      return news(occurredAt, { kind: 'refund', who: whoIs(customerId), ...refund });
    }
    case 'sales.imported': {
      const { importId, rows, importedAt } = event.payload;
      return news(importedAt, { kind: 'import', importId, state: 'done', sales: rows, stored: rows });
    }
    default:
      return assertNever(event);
  }
}
