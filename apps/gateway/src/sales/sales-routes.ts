import {
  ImportView,
  IssuedTokenView,
  NewRefund,
  NewSale,
  NewToken,
  pageOf,
  PageQuery,
  RefundAnswer,
  RefundAnswers,
  RefundBatch,
  SaleAnswer,
  SaleAnswers,
  SaleBatch,
  TokenView,
  WebhookAnswer,
} from '@regulars/contracts';
import { z } from 'zod';
import type { RouteDoc } from '../openapi.js';
import { WebhookQuery } from '../webhooks/webhooks.controller.js';

const POSTED = [
  'CUSTOMER_NOT_FOUND',
  'SALE_DIFFERS',
  'SALE_TIME_REFUSED',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_USE',
] as const;

/** Routes of sales, refunds, webhooks, imports and tokens. */
export const SALES_ROUTES: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/v1/sales',
    tag: 'Sales',
    summary: 'Takes a sale, or up to 1,000, from a till.',
    description:
      "Answered once the sales are stored. A sale is known by the till's own id: sent again, it changes nothing. A till's token is enough.",
    isIdempotent: true,
    body: z.union([NewSale, SaleBatch]),
    answers: {
      201: { description: 'Stored, at least one of them new.', schema: z.union([SaleAnswer, SaleAnswers]) },
      200: { description: 'All of them were stored before.', schema: z.union([SaleAnswer, SaleAnswers]) },
    },
    errors: POSTED,
  },
  {
    method: 'post',
    path: '/v1/refunds',
    tag: 'Sales',
    summary: 'Takes a refund or a void, or up to 1,000, from a till; also before its sale.',
    description: "A till's token is enough.",
    isIdempotent: true,
    body: z.union([NewRefund, RefundBatch]),
    answers: {
      201: {
        description: 'Stored, at least one of them new.',
        schema: z.union([RefundAnswer, RefundAnswers]),
      },
      200: { description: 'All of them were stored before.', schema: z.union([RefundAnswer, RefundAnswers]) },
    },
    errors: POSTED,
  },
  {
    method: 'post',
    path: '/v1/webhooks/{provider}',
    tag: 'Sales',
    summary: 'Takes a webhook of square, shopify, stripe or standard (Standard Webhooks).',
    description: "No token: the provider's signature over the very bytes is checked (docs/sales.md).",
    isSigned: true,
    query: WebhookQuery,
    body: z.looseObject({}),
    answers: { 200: { description: 'What became of it.', schema: WebhookAnswer } },
    errors: [
      'WEBHOOK_NOT_CONFIGURED',
      'WEBHOOK_SIGNATURE_INVALID',
      'WEBHOOK_TOO_OLD',
      'WEBHOOK_INVALID',
      'SALE_TIME_REFUSED',
    ],
  },
  {
    method: 'post',
    path: '/v1/imports',
    tag: 'Sales',
    summary: 'Imports a file of history: CSV, plain or gzip, up to 200 MB.',
    description: 'The whole file is checked first; a bad row is named and nothing is imported.',
    body: 'import',
    answers: {
      202: { description: 'The file is good and is being stored.', schema: ImportView },
      200: { description: 'This file was sent before; how far it is.', schema: ImportView },
    },
    errors: ['IMPORT_INVALID', 'IMPORT_RUNNING', 'REQUEST_TOO_LARGE'],
  },
  {
    method: 'get',
    path: '/v1/imports',
    tag: 'Sales',
    summary: 'Imports and how far they are, the latest first.',
    query: PageQuery,
    answers: { 200: { description: 'A page of imports.', schema: pageOf(ImportView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/imports/{importId}',
    tag: 'Sales',
    summary: 'How far an import is.',
    answers: { 200: { description: 'The import.', schema: ImportView } },
    errors: ['IMPORT_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/v1/tokens',
    tag: 'Tokens',
    summary: "Makes a till's token, or another owner's.",
    body: NewToken,
    answers: { 201: { description: 'The token, shown this once.', schema: IssuedTokenView } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/tokens',
    tag: 'Tokens',
    summary: 'Lists the tokens, the oldest first, withdrawn ones too.',
    answers: { 200: { description: 'The tokens.', schema: pageOf(TokenView) } },
    errors: [],
  },
  {
    method: 'delete',
    path: '/v1/tokens/{tokenId}',
    tag: 'Tokens',
    summary: 'Withdraws a token.',
    answers: { 204: { description: 'Withdrawn.' } },
    errors: ['TOKEN_NOT_FOUND', 'TOKEN_LAST_OWNER'],
  },
];
