import {
  IdentityBudgetChange,
  IdentityBudgetView,
  IdentityDenial,
  IdentityDenied,
} from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

const tag = 'Recognition';
const budget = { 200: { description: 'The budget and what is made of it.', schema: IdentityBudgetView } };

/** How wrong recognition may be, and where it was. */
export const IDENTITY_ROUTES: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/v1/identity/budget',
    tag,
    summary:
      'Wrong recognitions in a week: tolerated, predicted and observed, and the threshold that follows.',
    answers: budget,
    errors: [],
  },
  {
    method: 'put',
    path: '/v1/identity/budget',
    tag,
    summary:
      'Sets how many wrong recognitions in a week are tolerable; recognition follows within half a minute.',
    body: IdentityBudgetChange,
    answers: budget,
    errors: [],
  },
  {
    method: 'post',
    path: '/v1/sightings/{sightingId}/not-this-person',
    tag,
    summary: 'Says that a sighting does not show the customer whom it was taken for.',
    description:
      "Kept and obeyed: the sighting is never taken for that customer again, its visit becomes a stranger's, and the same face is not taken for that customer for a day.",
    body: IdentityDenial,
    answers: { 200: { description: 'What was said, and when first.', schema: IdentityDenied } },
    errors: ['SIGHTING_NOT_FOUND', 'SIGHTING_OF_ANOTHER'],
  },
];
