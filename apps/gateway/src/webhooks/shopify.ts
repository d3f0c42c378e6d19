import { minorOf, RegularsError } from '@regulars/contracts';
import { z } from 'zod';
import {
  customerNumber,
  parsedPart,
  type Place,
  type ProviderEvent,
  refundOf,
  saleOf,
} from './provider-event.js';
import { type SignedMessage, textOf } from './signatures.js';

const Id = z.union([z.int(), z.string().min(1).max(100)]);
const Order = z.looseObject({
  id: Id,
  processed_at: z.string().nullish(),
  created_at: z.string(),
  total_price: z.string(),
  currency: z.string(),
  customer: z.looseObject({ id: Id }).nullish(),
  line_items: z.array(z.looseObject({ quantity: z.int().min(0) })).optional(),
});
const Refund = z.looseObject({
  id: Id,
  order_id: Id,
  processed_at: z.string().nullish(),
  created_at: z.string(),
  transactions: z.array(
    z.looseObject({ kind: z.string(), status: z.string(), amount: z.string(), currency: z.string() }),
  ),
});

/** Reads a webhook of Shopify, whose topic and id are headers: `orders/paid` with the order and `refunds/create`
 *  with the refund. Amounts are decimal texts: the order's `total_price`; the sum of the refund's successful
 *  `transactions` of kind `refund`.
 *  @throws RegularsError WEBHOOK_INVALID */
export function shopifyEvent(body: unknown, headers: SignedMessage['headers'], place: Place): ProviderEvent {
  const type = textOf({ headers }, 'x-shopify-topic').slice(0, 100);
  const eventId =
    textOf({ headers }, 'x-shopify-webhook-id') || `${textOf({ headers }, 'x-shopify-event-id')} ${type}`;
  const given = { eventId: eventId.slice(0, 200), type };
  switch (type) {
    case 'orders/paid':
      return { ...given, incoming: paidOrder(body, place) };
    case 'refunds/create':
      return { ...given, incoming: refundedOrder(body, place) };
    default:
      return { ...given, incoming: null };
  }
}

function paidOrder(body: unknown, place: Place) {
  const order = parsedPart(Order, body, 'order');
  const items = order.line_items?.reduce((sum, { quantity }) => sum + quantity, 0);
  return saleOf(
    {
      saleId: String(order.id),
      occurredAt: order.processed_at ?? order.created_at,
      amountMinor: amountOf(order.total_price, order.currency, 'order.total_price'),
      currency: order.currency,
      items,
      ...place,
      ...customerNumber('shopify', order.customer?.id),
    },
    'order',
  );
}

function refundedOrder(body: unknown, place: Place) {
  const refund = parsedPart(Refund, body, 'refund');
  const paid = refund.transactions.filter(({ kind, status }) => kind === 'refund' && status === 'success');
  const [first] = paid;
  if (first === undefined) return null;
  const { currency } = first;
  const at = 'refund.transactions';
  if (paid.some((other) => other.currency !== currency))
    throw new RegularsError('WEBHOOK_INVALID', { [at]: 'hold several currencies' });
  const amountMinor = paid.reduce((sum, { amount }) => sum + amountOf(amount, currency, at), 0);
  const occurredAt = refund.processed_at ?? refund.created_at;
  const saleId = String(refund.order_id);
  return refundOf(
    { refundId: String(refund.id), saleId, occurredAt, amountMinor, currency, ...place },
    'refund',
  );
}

function amountOf(text: string, currency: string, at: string): number {
  const minor = minorOf(text, currency);
  if (minor === null || minor < 0)
    throw new RegularsError('WEBHOOK_INVALID', { [at]: 'is no amount of money' });
  return minor;
}
