import {
  pageOf,
  PseudonymChangeView,
  StrangerChanged,
  StrangerDetails,
  StrangerMerge,
  StrangerPromotion,
  StrangerQuery,
  StrangerSplit,
  StrangerView,
} from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

const tag = 'Strangers';
const changed = { 200: { description: 'What came of it.', schema: StrangerChanged } };

/** Strangers who are known again by a pseudonym. */
export const STRANGER_ROUTES: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/v1/strangers',
    tag,
    summary: 'Lists strangers with a pseudonym, the one seen last first.',
    query: StrangerQuery,
    answers: { 200: { description: 'A page of strangers.', schema: pageOf(StrangerView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/strangers/changes',
    tag,
    summary: 'Lists what operators merged, split and promoted, the newest first.',
    query: StrangerQuery,
    answers: { 200: { description: 'A page of changes.', schema: pageOf(PseudonymChangeView) } },
    errors: [],
  },
  {
    method: 'post',
    path: '/v1/strangers/changes/{changeId}/undo',
    tag,
    summary: 'Undoes a merge or a split: the sightings go back to whose they were.',
    answers: changed,
    errors: ['CHANGE_NOT_REVERSIBLE', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'get',
    path: '/v1/strangers/{pseudonymId}',
    tag,
    summary: 'One stranger with every sighting, and the strangers who look most alike.',
    answers: { 200: { description: 'The stranger.', schema: StrangerDetails } },
    errors: ['STRANGER_NOT_FOUND', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'post',
    path: '/v1/strangers/{pseudonymId}/merge',
    tag,
    summary: 'Two pseudonyms are one person: the sightings go to the other one.',
    body: StrangerMerge,
    answers: changed,
    errors: ['STRANGER_NOT_FOUND', 'STRANGERS_DIFFER', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'post',
    path: '/v1/strangers/{pseudonymId}/split',
    tag,
    summary: 'Some sightings are of somebody else, who gets a pseudonym.',
    body: StrangerSplit,
    answers: changed,
    errors: ['STRANGER_NOT_FOUND', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'post',
    path: '/v1/strangers/{pseudonymId}/promote',
    tag,
    summary: 'The stranger becomes a customer who has agreed to it, with all visits so far.',
    description: 'Templates are made from the sightings. This cannot be undone; erasing the customer can.',
    body: StrangerPromotion,
    answers: changed,
    errors: ['STRANGER_NOT_FOUND', 'CUSTOMER_NOT_FOUND', 'CONSENT_MISSING', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'delete',
    path: '/v1/strangers/{pseudonymId}',
    tag,
    summary: 'Forgets a stranger for good: key and embeddings are destroyed, the visits become nobody’s.',
    answers: changed,
    errors: ['STRANGER_NOT_FOUND', 'RECOGNITION_UNAVAILABLE'],
  },
];
