import type { RuleSource } from '../identity/budget-keeper.js';

/** Rules for people whose embeddings are the same or have nothing in common. */
export const TEST_RULES: RuleSource = {
  rule: () => ({
    threshold: 0.05,
    certain: 0.035,
    margin: 0.01,
    votes: 2,
    spanMs: 300,
    share: 0.34,
    strangerAfter: 5,
  }),
  countPass: () => {},
};
