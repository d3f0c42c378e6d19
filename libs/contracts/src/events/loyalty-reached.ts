import { z } from 'zod';
import { AmountMinor, CustomerId, Instant } from '../primitives.js';
import { LoyaltyRuleId } from '../http/value.js';
import { defineEvent } from './event.js';

export const LoyaltyReached = defineEvent({
  key: 'loyalty.reached',
  summary: "A customer came to fulfil one of the shop's loyalty rules.",
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway'],
  happenedAt: 'reachedAt',
  schema: z.strictObject({
    customerId: CustomerId,
    ruleId: LoyaltyRuleId,
    /** Days in the rule's period on which the customer was seen or bought. */
    visitDays: z.int().min(0),
    /** Spent in the rule's period and currency. */
    spendMinor: AmountMinor,
    reachedAt: Instant,
  }),
  example: {
    customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    ruleId: 'regulars',
    visitDays: 8,
    spendMinor: 12_300,
    reachedAt: '2026-03-01T09:12:40.500Z',
  },
});
export type LoyaltyReached = z.infer<typeof LoyaltyReached.schema>;
