import { z } from 'zod';
import { CameraId, Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const CamerasChanged = defineEvent({
  key: 'cameras.changed',
  summary: 'A camera was added, changed or removed; capture services read their cameras anew.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['capture', 'gateway'],
  happenedAt: 'changedAt',
  schema: z.strictObject({
    cameraId: CameraId,
    change: z.enum(['added', 'changed', 'removed']),
    changedAt: Instant,
  }),
  example: { cameraId: 'entrance', change: 'added', changedAt: '2026-03-01T08:59:00.000Z' },
});
export type CamerasChanged = z.infer<typeof CamerasChanged.schema>;
