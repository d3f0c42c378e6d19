import { z } from 'zod';
import { parsedPart, type Place, type ProviderEvent, refundOf, saleOf } from './provider-event.js';
import { type SignedMessage, textOf } from './signatures.js';

const Envelope = z.looseObject({ type: z.string().max(100), data: z.looseObject({}).optional() });

/** Reads a message after the Standard Webhooks specification, with its id in the header `webhook-id`:
 *  `sale.created` and `refund.created`, whose `data` has the fields of POST /v1/sales and POST /v1/refunds.
 *  @throws RegularsError WEBHOOK_INVALID */
export function standardEvent(body: unknown, headers: SignedMessage['headers'], place: Place): ProviderEvent {
  const { type, data } = parsedPart(Envelope, body, 'body');
  const eventId = textOf({ headers }, 'webhook-id').slice(0, 200);
  // What the sender leaves out comes from the address; saleOf and refundOf check it all.
  const fields = { ...place, ...data } as never;
  if (type === 'sale.created') return { eventId, type, incoming: saleOf(fields, 'data') };
  if (type === 'refund.created') return { eventId, type, incoming: refundOf(fields, 'data') };
  return { eventId, type, incoming: null };
}
