import { z } from 'zod';
import { CameraId, Instant, StoreId, VisitId, Visitor } from '../primitives.js';
import { defineEvent } from './event.js';

export const VisitStarted = defineEvent({
  key: 'visit.started',
  summary: 'A person is in the shop. One visit counts once, over all cameras and re-entries.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway', 'analytics'],
  happenedAt: 'startedAt',
  schema: z.strictObject({
    visitId: VisitId,
    storeId: StoreId,
    visitor: Visitor,
    startedAt: Instant,
    cameraId: CameraId,
  }),
  example: {
    visitId: 'vis_8w6e0h5t4f2k9s7d1m3q',
    storeId: 'main',
    visitor: { kind: 'customer', customerId: 'cus_4f2k9s7d1m3q8w6e0h5t' },
    startedAt: '2026-03-01T09:00:23.600Z',
    cameraId: 'entrance',
  },
});
export type VisitStarted = z.infer<typeof VisitStarted.schema>;
