import { z } from 'zod';
import {
  customerNumber,
  parsedPart,
  type Place,
  type ProviderEvent,
  refundOf,
  saleOf,
} from './provider-event.js';

const Envelope = z.looseObject({
  id: z.string().min(1).max(200),
  type: z.string().max(100),
  data: z.looseObject({ object: z.unknown() }),
});
const Charge = z.looseObject({
  id: z.string(),
  amount: z.int(),
  amount_captured: z.int().optional(),
  captured: z.boolean(),
  currency: z.string(),
  created: z.int().min(0).max(1e11),
  customer: z.union([z.string(), z.looseObject({ id: z.string() })]).nullish(),
});
const Refund = z.looseObject({
  id: z.string(),
  amount: z.int(),
  charge: z.string().nullish(),
  currency: z.string(),
  created: z.int().min(0).max(1e11),
  status: z.string().nullish(),
});

/** Stripe's unit where it is not that of ISO 4217: kept at two digits for króna and shilling, none for ariary. */
const UNITS: Readonly<Record<string, number>> = { ISK: 0.01, UGX: 0.01, MGA: 100 };

/** Reads a webhook of Stripe: `charge.succeeded` (captured) and `charge.captured` with the charge, and
 *  `refund.created`, `refund.updated`, `charge.refund.updated` with the refund once it has succeeded.
 *  @throws RegularsError WEBHOOK_INVALID */
export function stripeEvent(body: unknown, place: Place): ProviderEvent {
  const { id: eventId, type, data } = parsedPart(Envelope, body, 'body');
  return { eventId, type, incoming: incomingOf(type, data.object, place) };
}

function incomingOf(type: string, object: unknown, place: Place) {
  switch (type) {
    case 'charge.succeeded':
    case 'charge.captured': {
      const charge = parsedPart(Charge, object, 'data.object');
      if (!charge.captured) return null;
      const money = amountOf(charge.amount_captured ?? charge.amount, charge.currency);
      const sale = { saleId: charge.id, occurredAt: timeOf(charge.created), ...money, ...place };
      const { customer } = charge;
      const id = typeof customer === 'string' ? customer : customer?.id;
      return saleOf({ ...sale, ...customerNumber('stripe', id) }, 'data.object');
    }
    case 'refund.created':
    case 'refund.updated':
    case 'charge.refund.updated': {
      const refund = parsedPart(Refund, object, 'data.object');
      if (refund.status !== 'succeeded') return null;
      const money = amountOf(refund.amount, refund.currency);
      const saleId = refund.charge ?? undefined;
      const occurredAt = timeOf(refund.created);
      return refundOf({ refundId: refund.id, saleId, occurredAt, ...money, ...place }, 'data.object');
    }
    default:
      return null;
  }
}

function amountOf(amount: number, code: string) {
  const currency = code.toUpperCase();
  return { amountMinor: Math.round(amount * (UNITS[currency] ?? 1)), currency };
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
