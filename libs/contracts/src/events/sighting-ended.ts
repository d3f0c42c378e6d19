import { z } from 'zod';
import { CameraId, CameraMode, Identity, Instant, SightingId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SightingEnded = defineEvent({
  key: 'sighting.ended',
  summary: "A person left a camera's view: when they came and went, and who they were.",
  worth: 'counts',
  publishedBy: ['recognition'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'endedAt',
  schema: z.strictObject({
    sightingId: SightingId,
    cameraId: CameraId,
    storeId: StoreId,
    startedAt: Instant,
    /** When the person was last seen, not when the track was given up. */
    endedAt: Instant,
    identity: Identity,
    /** Frames in which the face was found. */
    framesSeen: z.int().min(1),
    /** Of the camera. Where a camera counts, nobody is ever decided and each sighting is a visit; absent:
     *  `members`. */
    mode: CameraMode.optional(),
  }),
  example: {
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    cameraId: 'entrance',
    storeId: 'main',
    startedAt: '2026-03-01T09:00:23.600Z',
    endedAt: '2026-03-01T09:00:31.200Z',
    identity: { kind: 'stranger', votes: 4, model: 'face-recognition-resnet' },
    framesSeen: 35,
    mode: 'members',
  },
});
export type SightingEnded = z.infer<typeof SightingEnded.schema>;
