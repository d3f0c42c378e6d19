import { z } from 'zod';
import { CustomerId, Instant, PseudonymId, SightingId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SightingsReassigned = defineEvent({
  key: 'sightings.reassigned',
  summary:
    'An operator said whose sightings are: strangers were merged, split or became a customer, or somebody was recognised wrongly.',
  worth: 'counts',
  publishedBy: ['recognition', 'gateway'],
  consumedBy: ['analytics', 'recognition'],
  happenedAt: 'reassignedAt',
  schema: z.strictObject({
    storeId: StoreId,
    sightingIds: z.array(SightingId).min(1).max(1_000),
    visitor: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('customer'), customerId: CustomerId }),
      z.strictObject({ kind: z.literal('pseudonym'), pseudonymId: PseudonymId }),
      /** Not the customer whom recognition named; who it is stays open. */
      z.strictObject({ kind: z.literal('stranger'), notCustomerId: CustomerId }),
    ]),
    reassignedAt: Instant,
  }),
  example: {
    storeId: 'main',
    sightingIds: ['sgt_1m3q8w6e0h5t4f2k9s7d'],
    visitor: { kind: 'pseudonym', pseudonymId: 'pse_4f2k9s7d1m3q8w6e0h5t' },
    reassignedAt: '2026-03-02T10:00:00.000Z',
  },
});
export type SightingsReassigned = z.infer<typeof SightingsReassigned.schema>;
