import { z } from 'zod';
import { AlertId, CameraId, Instant, SightingId, StoreId, TillId } from '../primitives.js';
import { defineEvent } from './event.js';

/** What staff are told of. `dissatisfied-at-till`: somebody at a till has looked dissatisfied for some time. */
export const AlertKind = z.enum(['dissatisfied-at-till']);
export type AlertKind = z.infer<typeof AlertKind>;

export const AlertRaised = defineEvent({
  key: 'alert.raised',
  summary: 'Something that staff should look at now. At most one alert a till in the pause that is set.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway', 'analytics'],
  happenedAt: 'raisedAt',
  schema: z.strictObject({
    alertId: AlertId,
    kind: AlertKind,
    storeId: StoreId,
    tillId: TillId,
    cameraId: CameraId,
    sightingId: SightingId,
    /** Since when it has been so. */
    since: Instant,
    raisedAt: Instant,
  }),
  example: {
    alertId: 'alt_2w6e0h5t4f2k9s7d1m3q',
    kind: 'dissatisfied-at-till',
    storeId: 'main',
    tillId: 'till-1',
    cameraId: 'till',
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    since: '2026-03-01T09:00:14.400Z',
    raisedAt: '2026-03-01T09:00:24.400Z',
  },
});
export type AlertRaised = z.infer<typeof AlertRaised.schema>;
