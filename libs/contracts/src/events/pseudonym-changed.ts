import { z } from 'zod';
import { Instant, PseudonymId, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const PseudonymChanged = defineEvent({
  key: 'pseudonym.changed',
  summary:
    'What is known of a stranger with a pseudonym changed: every recognition worker reads it anew. Removed: it ended, and the visits become those of nobody.',
  worth: 'counts',
  publishedBy: ['recognition'],
  consumedBy: ['recognition', 'analytics'],
  happenedAt: 'changedAt',
  schema: z.strictObject({
    pseudonymId: PseudonymId,
    storeId: StoreId,
    change: z.enum(['seen', 'removed']),
    changedAt: Instant,
  }),
  example: {
    pseudonymId: 'pse_4f2k9s7d1m3q8w6e0h5t',
    storeId: 'main',
    change: 'seen',
    changedAt: '2026-03-01T09:00:31.200Z',
  },
});
export type PseudonymChanged = z.infer<typeof PseudonymChanged.schema>;
