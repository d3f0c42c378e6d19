import { z } from 'zod';
import { CameraId, Instant, StoreId, VisitId, Visitor, VisitSatisfaction } from '../primitives.js';
import { defineEvent } from './event.js';

export const VisitEnded = defineEvent({
  key: 'visit.ended',
  summary: 'A visit is over: nobody saw the visitor for longer than the re-entry window.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway', 'analytics'],
  happenedAt: 'endedAt',
  schema: z.strictObject({
    visitId: VisitId,
    storeId: StoreId,
    visitor: Visitor,
    startedAt: Instant,
    /** When the visitor was last seen. */
    endedAt: Instant,
    cameraIds: z.array(CameraId).min(1),
    sightings: z.int().min(1),
    satisfaction: VisitSatisfaction,
  }),
  example: {
    visitId: 'vis_8w6e0h5t4f2k9s7d1m3q',
    storeId: 'main',
    visitor: { kind: 'customer', customerId: 'cus_4f2k9s7d1m3q8w6e0h5t' },
    startedAt: '2026-03-01T09:00:23.600Z',
    endedAt: '2026-03-01T09:14:02.000Z',
    cameraIds: ['entrance', 'till'],
    sightings: 3,
    satisfaction: { score: 0.71, class: 'satisfied', spread: 0.12, scoredCrops: 22, abstentions: 5 },
  },
});
export type VisitEnded = z.infer<typeof VisitEnded.schema>;
