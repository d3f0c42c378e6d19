import { z } from 'zod';
import { CameraId, CameraMode, Instant, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const FrameCaptured = defineEvent({
  key: 'frame.captured',
  summary: 'One decoded frame of a camera, as JPEG. Only the newest has any value.',
  worth: 'newest',
  body: 'image/jpeg',
  publishedBy: ['capture'],
  consumedBy: ['recognition', 'gateway'],
  happenedAt: 'capturedAt',
  schema: z.strictObject({
    cameraId: CameraId,
    storeId: StoreId,
    /** `<camera>-<start of the stream, base 36>-<number>`: unique and in order within one stream. */
    frameId: z.string().min(1).max(80),
    /** Number of the frame since the stream was opened, from 0. */
    sequence: z.int().min(0),
    capturedAt: Instant,
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    mode: CameraMode,
  }),
  example: {
    cameraId: 'entrance',
    storeId: 'main',
    frameId: 'entrance-lw3k2a-118',
    sequence: 118,
    capturedAt: '2026-03-01T09:00:23.600Z',
    widthPx: 1280,
    heightPx: 720,
    mode: 'members',
  },
});
export type FrameCaptured = z.infer<typeof FrameCaptured.schema>;
