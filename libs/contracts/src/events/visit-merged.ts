import { z } from 'zod';
import { Instant, StoreId, VisitId } from '../primitives.js';
import { defineEvent } from './event.js';

export const VisitMerged = defineEvent({
  key: 'visit.merged',
  summary: 'Later evidence showed that two visits are one; the absorbed one no longer counts.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway', 'analytics'],
  happenedAt: 'mergedAt',
  schema: z.strictObject({
    /** The visit that goes on. */
    visitId: VisitId,
    /** The visit that was part of it all along. */
    absorbedVisitId: VisitId,
    storeId: StoreId,
    mergedAt: Instant,
  }),
  example: {
    visitId: 'vis_8w6e0h5t4f2k9s7d1m3q',
    absorbedVisitId: 'vis_0h5t4f2k9s7d1m3q8w6e',
    storeId: 'main',
    mergedAt: '2026-03-01T09:00:24.400Z',
  },
});
export type VisitMerged = z.infer<typeof VisitMerged.schema>;
