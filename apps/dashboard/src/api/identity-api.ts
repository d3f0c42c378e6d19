import { IdentityBudgetView, IdentityDenied, tolerant } from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = { budget: tolerant(IdentityBudgetView), denied: tolerant(IdentityDenied) };
const BUDGET = '/v1/identity/budget';

/** How wrong recognition may be, and where it was. */
export function createIdentityApi({ ask }: Asking) {
  return {
    identityBudget: () => ask(ANSWERS.budget, 'GET', BUDGET),
    setIdentityBudget: (wrongPerWeek: number) => ask(ANSWERS.budget, 'PUT', BUDGET, { wrongPerWeek }),
    notThisPerson: (sightingId: string, customerId: string) =>
      ask(ANSWERS.denied, 'POST', `/v1/sightings/${encodeURIComponent(sightingId)}/not-this-person`, {
        customerId,
      }),
  };
}
