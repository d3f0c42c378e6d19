import { z } from 'zod';
import { Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const LoyaltyRulesChanged = defineEvent({
  key: 'loyalty-rules.changed',
  summary: 'The loyalty rules were edited: the list of loyal customers is made anew.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics'],
  happenedAt: 'changedAt',
  schema: z.strictObject({ changedAt: Instant }),
  example: { changedAt: '2026-03-01T09:00:00.000Z' },
});
export type LoyaltyRulesChanged = z.infer<typeof LoyaltyRulesChanged.schema>;
