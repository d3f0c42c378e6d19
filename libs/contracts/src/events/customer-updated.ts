import { z } from 'zod';
import { CustomerId, Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const CustomerUpdated = defineEvent({
  key: 'customer.updated',
  summary: 'Something about a customer changed. The event names the customer by id only, never by name.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['recognition', 'gateway', 'analytics'],
  happenedAt: 'updatedAt',
  schema: z.strictObject({
    customerId: CustomerId,
    change: z.enum(['created', 'renamed', 'erased']),
    updatedAt: Instant,
  }),
  example: {
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    change: 'created',
    updatedAt: '2026-03-01T09:00:00.000Z',
  },
});
export type CustomerUpdated = z.infer<typeof CustomerUpdated.schema>;
