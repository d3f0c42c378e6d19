import { assertNever, type LiveVisitor } from '@regulars/contracts';
import type { HeardEvent } from './heard-event.js';
import type { Acquaintance, LiveNews } from './live-event.js';

type ValueEvent = Extract<
  HeardEvent,
  { key: 'value.updated' | 'segment.changed' | 'loyalty.reached' | 'forecast.updated' }
>;

/** What a page is told of customers' worth. */
export function toValueNews(event: ValueEvent, acquaintance: Pick<Acquaintance, 'nameOf'>): LiveNews {
  const whoIs = (customerId: string): LiveVisitor => ({
    kind: 'customer',
    customerId,
    displayName: acquaintance.nameOf(customerId),
  });
  switch (event.key) {
    case 'value.updated': {
      const { customerId, storeId, saleId, isJoined, updatedAt, value, forecast } = event.payload;
      const who = whoIs(customerId);
      const payload = { kind: 'value', customerId, who, saleId, isJoined, value, forecast } as const;
      return { storeId, at: updatedAt, payload };
    }
    case 'segment.changed': {
      const { customerId, from, to, changedAt } = event.payload;
      const payload = { kind: 'segment', customerId, who: whoIs(customerId), from, to } as const;
      return { storeId: null, at: changedAt, payload };
    }
    case 'loyalty.reached': {
      const { customerId, ruleId, reachedAt } = event.payload;
      const payload = { kind: 'loyalty', customerId, who: whoIs(customerId), ruleId } as const;
      return { storeId: null, at: reachedAt, payload };
    }
    case 'forecast.updated': {
      const { finishedAt, model, note, customers, atRisk } = event.payload;
      return {
        storeId: null,
        at: finishedAt,
        payload: { kind: 'forecasts', model, note, customers, atRisk },
      };
    }
    default:
      return assertNever(event);
  }
}
