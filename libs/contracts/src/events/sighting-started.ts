import { z } from 'zod';
import { CameraId, Instant, SightingId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SightingStarted = defineEvent({
  key: 'sighting.started',
  summary: 'A person came before a camera and is followed from here on (a track).',
  worth: 'counts',
  publishedBy: ['recognition'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'startedAt',
  schema: z.strictObject({
    sightingId: SightingId,
    cameraId: CameraId,
    storeId: StoreId,
    startedAt: Instant,
  }),
  example: {
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    cameraId: 'entrance',
    storeId: 'main',
    startedAt: '2026-03-01T09:00:23.600Z',
  },
});
export type SightingStarted = z.infer<typeof SightingStarted.schema>;
