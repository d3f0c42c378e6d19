import { z } from 'zod';
import { CustomerId, Instant } from '../primitives.js';
import { SegmentName } from '../value.js';
import { defineEvent } from './event.js';

export const SegmentChanged = defineEvent({
  key: 'segment.changed',
  summary: 'A customer moved to another segment.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway'],
  happenedAt: 'changedAt',
  schema: z.strictObject({
    customerId: CustomerId,
    /** Null for the first one. */
    from: SegmentName.nullable(),
    to: SegmentName,
    changedAt: Instant,
  }),
  example: {
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    from: 'loyal',
    to: 'champions',
    changedAt: '2026-03-01T09:12:40.500Z',
  },
});
export type SegmentChanged = z.infer<typeof SegmentChanged.schema>;
