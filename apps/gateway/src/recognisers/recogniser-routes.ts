import {
  RecogniserAgreement,
  RecogniserCandidate,
  RecogniserEnd,
  RecogniserPromotion,
  RecognisersView,
} from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

const tag = 'Recognition';
const view = {
  200: { description: 'Which recogniser serves and which stands beside.', schema: RecognisersView },
};

/** Routes of another recogniser beside the one that serves. */
export const RECOGNISER_ROUTES: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/v1/recognisers',
    tag,
    summary: 'Which recogniser serves, which stands beside it, whom they know, and what was changed.',
    answers: view,
    errors: ['RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'get',
    path: '/v1/recognisers/agreement',
    tag,
    summary:
      'How the recogniser beside the serving one decides about the same photographs, and whom it does not know.',
    answers: { 200: { description: 'The comparison.', schema: RecogniserAgreement } },
    errors: ['CANDIDATE_MISSING', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'post',
    path: '/v1/recognisers/candidate',
    tag,
    summary: 'Puts a recogniser beside the serving one: photographs are embedded by both from now on.',
    body: RecogniserCandidate,
    answers: view,
    errors: ['CANDIDATE_REFUSED', 'RECOGNITION_UNAVAILABLE', 'REVISION_CONFLICT'],
  },
  {
    method: 'post',
    path: '/v1/recognisers/promotion',
    tag,
    summary: 'Lets the candidate serve. The one that served stays beside and can be put back at once.',
    body: RecogniserPromotion,
    answers: view,
    errors: [
      'CANDIDATE_MISSING',
      'CANDIDATE_INCOMPLETE',
      'CANDIDATE_REFUSED',
      'RECOGNITION_UNAVAILABLE',
      'REVISION_CONFLICT',
    ],
  },
  {
    method: 'post',
    path: '/v1/recognisers/roll-back',
    tag,
    summary: 'Lets the recogniser serve again that served before the promotion.',
    answers: view,
    errors: ['CANDIDATE_MISSING', 'CANDIDATE_REFUSED', 'RECOGNITION_UNAVAILABLE', 'REVISION_CONFLICT'],
  },
  {
    method: 'delete',
    path: '/v1/recognisers/beside',
    tag,
    summary: 'Takes the recogniser away that stands beside, and with deleteTemplates all that it knew.',
    query: RecogniserEnd,
    answers: view,
    errors: ['CANDIDATE_MISSING', 'RECOGNITION_UNAVAILABLE', 'REVISION_CONFLICT'],
  },
];
