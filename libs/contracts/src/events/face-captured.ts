import { z } from 'zod';
import { CameraId, Identity, Instant, SightingId, StoreId, ViewQuality } from '../primitives.js';
import { defineEvent } from './event.js';

/** Side of the square crop in `face.captured`, pixels: dlib's chip with more room, for the expression nets. */
export const FACE_CROP_PX = 160;

export const FaceCaptured = defineEvent({
  key: 'face.captured',
  summary: "The best upright crop of a sighting's face in the last second, as JPEG.",
  worth: 'newest',
  body: 'image/jpeg',
  publishedBy: ['recognition'],
  consumedBy: ['expression'],
  happenedAt: 'capturedAt',
  schema: z.strictObject({
    sightingId: SightingId,
    cameraId: CameraId,
    storeId: StoreId,
    capturedAt: Instant,
    /** Who the face is known to be so far; staff are not sent at all. */
    identity: Identity,
    quality: ViewQuality,
  }),
  example: {
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    cameraId: 'entrance',
    storeId: 'main',
    capturedAt: '2026-03-01T09:00:24.400Z',
    identity: {
      kind: 'identified',
      customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
      distance: 0.18,
      margin: 0.21,
      votes: 4,
      model: 'dlib-resnet',
    },
    quality: { faceWidthPx: 96, sharpness: 210, yawDegrees: -6, pitchDegrees: 3, brightness: 118 },
  },
});
export type FaceCaptured = z.infer<typeof FaceCaptured.schema>;
