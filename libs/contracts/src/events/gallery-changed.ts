import { z } from 'zod';
import { CustomerId, Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const GalleryChanged = defineEvent({
  key: 'gallery.changed',
  summary: 'Templates of a customer were added or removed; every recognition worker reads them anew.',
  worth: 'counts',
  publishedBy: ['recognition', 'gateway'],
  consumedBy: ['recognition', 'gateway'],
  happenedAt: 'changedAt',
  schema: z.strictObject({
    customerId: CustomerId,
    change: z.enum(['added', 'removed']),
    /** Templates the customer has now. */
    templates: z.int().min(0),
    changedAt: Instant,
  }),
  example: {
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    change: 'added',
    templates: 2,
    changedAt: '2026-03-01T09:00:01.000Z',
  },
});
export type GalleryChanged = z.infer<typeof GalleryChanged.schema>;
