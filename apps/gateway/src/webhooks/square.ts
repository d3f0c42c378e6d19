import { z } from 'zod';
import {
  customerNumber,
  parsedPart,
  type Place,
  type ProviderEvent,
  refundOf,
  saleOf,
} from './provider-event.js';

const Money = z.looseObject({ amount: z.int(), currency: z.string() });
const Envelope = z.looseObject({
  event_id: z.string().min(1).max(200),
  type: z.string().max(100),
  data: z.looseObject({ object: z.looseObject({}).optional() }).optional(),
});
const Payment = z.looseObject({
  id: z.string(),
  status: z.string(),
  created_at: z.string(),
  amount_money: Money,
  total_money: Money.optional(),
  customer_id: z.string().nullish(),
});
const Refund = z.looseObject({
  id: z.string(),
  status: z.string(),
  created_at: z.string(),
  amount_money: Money,
  payment_id: z.string().nullish(),
});

/** Reads a webhook of Square: `payment.created|updated` with `data.object.payment` and `refund.created|updated`
 *  with `data.object.refund`, each once its `status` is COMPLETED. Amounts are in the smallest unit:
 *  `total_money` (with tip), else `amount_money`.
 *  @throws RegularsError WEBHOOK_INVALID */
export function squareEvent(body: unknown, place: Place): ProviderEvent {
  const { event_id: eventId, type, data } = parsedPart(Envelope, body, 'body');
  const incomingOf = () => {
    if (type === 'payment.created' || type === 'payment.updated') {
      const at = 'data.object.payment';
      const payment = parsedPart(Payment, data?.object?.['payment'], at);
      if (payment.status !== 'COMPLETED') return null;
      const money = payment.total_money ?? payment.amount_money;
      const sale = { saleId: payment.id, occurredAt: payment.created_at, ...amountOf(money), ...place };
      return saleOf({ ...sale, ...customerNumber('square', payment.customer_id) }, at);
    }
    if (type === 'refund.created' || type === 'refund.updated') {
      const at = 'data.object.refund';
      const refund = parsedPart(Refund, data?.object?.['refund'], at);
      if (refund.status !== 'COMPLETED') return null;
      const money = amountOf(refund.amount_money);
      const saleId = refund.payment_id ?? undefined;
      return refundOf({ refundId: refund.id, saleId, occurredAt: refund.created_at, ...money, ...place }, at);
    }
    return null;
  };
  return { eventId, type, incoming: incomingOf() };
}

function amountOf({ amount, currency }: z.infer<typeof Money>) {
  return { amountMinor: amount, currency };
}
