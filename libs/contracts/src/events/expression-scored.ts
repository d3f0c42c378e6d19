import { z } from 'zod';
import {
  AbstentionReason,
  CameraId,
  Instant,
  SatisfactionClass,
  SightingId,
  StoreId,
} from '../primitives.js';
import { defineEvent } from './event.js';

export const ExpressionOutcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('scored'),
    /** p(satisfied) / (p(satisfied) + p(dissatisfied)): 0 to 1. */
    satisfaction: z.number().min(0).max(1),
    class: SatisfactionClass,
    /** Probability of the named class. */
    confidence: z.number().min(0).max(1),
  }),
  z.strictObject({ kind: z.literal('abstained'), reason: AbstentionReason }),
]);
export type ExpressionOutcome = z.infer<typeof ExpressionOutcome>;

export const ExpressionScored = defineEvent({
  key: 'expression.scored',
  summary: 'How satisfied a face looked, or why that could not be said.',
  worth: 'counts',
  publishedBy: ['expression'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'capturedAt',
  schema: z.strictObject({
    sightingId: SightingId,
    cameraId: CameraId,
    storeId: StoreId,
    capturedAt: Instant,
    model: z.string(),
    outcome: ExpressionOutcome,
  }),
  example: {
    sightingId: 'sgt_1m3q8w6e0h5t4f2k9s7d',
    cameraId: 'entrance',
    storeId: 'main',
    capturedAt: '2026-03-01T09:00:24.400Z',
    model: 'human-emotion',
    outcome: { kind: 'scored', satisfaction: 0.87, class: 'satisfied', confidence: 0.81 },
  },
});
export type ExpressionScored = z.infer<typeof ExpressionScored.schema>;
