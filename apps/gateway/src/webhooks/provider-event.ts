import { type Issue, wrongFieldsOf } from '../http/validation.js';
import { NewRefund, NewSale, RegularsError } from '@regulars/contracts';
import type { z } from 'zod';
import type { Incoming } from '../sales/sale-records.js';

/** Where a provider's sales belong, from the address that was set at the provider. */
export interface Place {
  readonly storeId: string;
  readonly tillId?: string;
}

/** A message of a provider, understood. */
export interface ProviderEvent {
  /** The provider's own id of the message. */
  readonly eventId: string;
  readonly type: string;
  /** Null for a type, or a state of a payment, that is no sale and no refund. */
  readonly incoming: Incoming | null;
}

/** Parses a part of a message.
 *  @throws RegularsError WEBHOOK_INVALID naming the fields */
export function parsedPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(result.error.issues, at);
}

function invalid(issues: readonly Issue[], at: string): RegularsError {
  const fields = Object.entries(wrongFieldsOf(issues, '')).map(([path, reason]) => {
    return [path === '' ? at : `${at}.${path}`, reason] as const;
  });
  return new RegularsError('WEBHOOK_INVALID', Object.fromEntries(fields));
}

/** A sale as a till could have posted it. @throws RegularsError WEBHOOK_INVALID */
export function saleOf(sale: z.input<typeof NewSale>, at: string): Incoming {
  return { kind: 'sale', sale: parsedPart(NewSale, sale, at) };
}

/** @throws RegularsError WEBHOOK_INVALID */
export function refundOf(refund: z.input<typeof NewRefund>, at: string): Incoming {
  return { kind: 'refund', refund: parsedPart(NewRefund, refund, at) };
}

/** A customer of a provider's, by a number that no other provider has; absent when none is named. */
export function customerNumber(provider: string, id: unknown): { customerExternalId?: string } {
  const isNamed = (typeof id === 'string' && id !== '') || typeof id === 'number';
  return isNamed ? { customerExternalId: `${provider}:${id}` } : {};
}
