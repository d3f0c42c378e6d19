import { z } from 'zod';
import { CameraId, Identity, Instant, SightingId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SightingIdentified = defineEvent({
  key: 'sighting.identified',
  summary: 'It was decided who a sighting shows: a customer, with distance and margin, or a stranger.',
  worth: 'counts',
  publishedBy: ['recognition'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'identifiedAt',
  schema: z.strictObject({
    sightingId: SightingId,
    cameraId: CameraId,
    storeId: StoreId,
    startedAt: Instant,
    /** When the frame that decided it was captured. */
    identifiedAt: Instant,
    identity: Identity,
  }),
  example: {
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    cameraId: 'entrance',
    storeId: 'main',
    startedAt: '2026-03-01T09:00:23.600Z',
    identifiedAt: '2026-03-01T09:00:24.400Z',
    identity: {
      kind: 'identified',
      customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
      distance: 0.41,
      margin: 0.22,
      votes: 3,
      model: 'face-recognition-resnet',
    },
  },
});
export type SightingIdentified = z.infer<typeof SightingIdentified.schema>;
