import { z } from 'zod';
import { CameraId, Instant, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const CameraState = z.enum(['connecting', 'live', 'stalled', 'gone']);
export type CameraState = z.infer<typeof CameraState>;

/** Why a camera is not live. */
export const CameraFault = z.enum([
  'CAMERA_UNREACHABLE',
  'CAMERA_UNAUTHORISED',
  'CAMERA_UNREADABLE',
  'CAMERA_STALLED',
  'CAMERA_SOURCE_REFUSED',
  'FFMPEG_MISSING',
  'removed',
  'shutdown',
]);
export type CameraFault = z.infer<typeof CameraFault>;

export const CameraStatus = defineEvent({
  key: 'camera.status',
  summary: 'A camera changed its state; an outage is known as such, never counted as an empty shop.',
  worth: 'counts',
  publishedBy: ['capture'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'since',
  schema: z.strictObject({
    cameraId: CameraId,
    storeId: StoreId,
    state: CameraState,
    /** When it came into this state. */
    since: Instant,
    fault: CameraFault.nullable(),
    widthPx: z.int().positive().nullable(),
    heightPx: z.int().positive().nullable(),
  }),
  example: {
    cameraId: 'entrance',
    storeId: 'main',
    state: 'live',
    since: '2026-03-01T09:00:00.000Z',
    fault: null,
    widthPx: 1280,
    heightPx: 720,
  },
});
export type CameraStatus = z.infer<typeof CameraStatus.schema>;
