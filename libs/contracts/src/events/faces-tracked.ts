import { z } from 'zod';
import { BoxPx, CameraId, Identity, Instant, SightingId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const FacesTracked = defineEvent({
  key: 'faces.tracked',
  summary: 'Where the people of one frame are and who they are so far: the boxes of the live picture.',
  worth: 'newest',
  publishedBy: ['recognition'],
  consumedBy: ['gateway'],
  happenedAt: 'capturedAt',
  schema: z.strictObject({
    cameraId: CameraId,
    storeId: StoreId,
    frameId: z.string(),
    capturedAt: Instant,
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    faces: z.array(z.strictObject({ sightingId: SightingId, boxPx: BoxPx, identity: Identity })),
  }),
  example: {
    cameraId: 'entrance',
    storeId: 'main',
    frameId: 'entrance-lw3k2a-118',
    capturedAt: '2026-03-01T09:00:23.600Z',
    widthPx: 1280,
    heightPx: 720,
    faces: [
      {
        sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
        boxPx: { x: 512, y: 180, width: 96, height: 110 },
        identity: { kind: 'undecided' },
      },
    ],
  },
});
export type FacesTracked = z.infer<typeof FacesTracked.schema>;
