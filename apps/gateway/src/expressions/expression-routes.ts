import {
  CropCorrection,
  CropQuery,
  CropView,
  ExpressionExplanationView,
  HeadsView,
  pageOf,
  ServeHead,
} from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

const tag = 'Satisfaction';

/** Routes of scores, corrections and heads. */
export const EXPRESSION_ROUTES: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/v1/expressions/explanations',
    tag,
    summary: 'Says what in a face its score rests on.',
    description:
      'One picture; of several faces the largest. The map says how much satisfaction is lost when a part of the face is covered, as the face is and with its lower half covered. The picture is kept nowhere.',
    body: 'photographs',
    answers: { 200: { description: 'The score and its map.', schema: ExpressionExplanationView } },
    errors: [
      'FACE_NOT_FOUND',
      'PICTURE_UNREADABLE',
      'PICTURE_TOO_LARGE',
      'REQUEST_TOO_LARGE',
      'EXPRESSION_UNAVAILABLE',
    ],
  },
  {
    method: 'get',
    path: '/v1/expressions/crops',
    tag,
    summary: 'Lists the crops that are kept for correction, the newest first.',
    description: 'Only of recognised customers who agreed, and only where EXPRESSION_CROPS_DAYS is set.',
    query: CropQuery,
    answers: { 200: { description: 'A page of crops.', schema: pageOf(CropView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/expressions/crops/{cropId}/picture.jpg',
    tag,
    summary: 'The picture of a crop.',
    answers: { 200: { description: 'The picture.', mediaType: 'image/jpeg' } },
    errors: ['CROP_NOT_FOUND'],
  },
  {
    method: 'put',
    path: '/v1/expressions/crops/{cropId}/correction',
    tag,
    summary: 'Says what a crop shows, or takes that back.',
    body: CropCorrection,
    answers: { 200: { description: 'The crop.', schema: CropView } },
    errors: ['CROP_NOT_FOUND'],
  },
  {
    method: 'delete',
    path: '/v1/expressions/crops/{cropId}',
    tag,
    summary: 'Removes a crop.',
    answers: { 204: { description: 'Removed.' } },
    errors: ['CROP_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/expressions/heads',
    tag,
    summary: 'The heads that were trained on corrections, and the one that serves.',
    answers: { 200: { description: 'The heads.', schema: HeadsView } },
    errors: ['EXPRESSION_UNAVAILABLE'],
  },
  {
    method: 'post',
    path: '/v1/expressions/heads',
    tag,
    summary: 'Trains a head on the corrections. It serves only if it is better on customers held out.',
    answers: { 201: { description: 'The heads.', schema: HeadsView } },
    errors: ['CORRECTIONS_TOO_FEW', 'HEAD_NOT_TRAINABLE', 'HEAD_TRAINING_RUNS', 'EXPRESSION_UNAVAILABLE'],
  },
  {
    method: 'put',
    path: '/v1/expressions/heads/serving',
    tag,
    summary: 'Lets an earlier head serve again, or with null the one that was shipped.',
    body: ServeHead.request,
    answers: { 200: { description: 'The heads.', schema: HeadsView } },
    errors: ['HEAD_NOT_FOUND', 'EXPRESSION_UNAVAILABLE'],
  },
];
