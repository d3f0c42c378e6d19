import {
  pageOf,
  SaleCorrectionAct,
  SaleCorrectionView,
  SaleJoinDenial,
  SaleJoinQuery,
  SaleJoinView,
} from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

const tag = 'Value';

/** The routes of joins of sales to visits. */
export const SALE_JOIN_ROUTES: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/v1/sale-joins',
    tag,
    summary: 'Sales with the visit that they were joined to and how probable that is, the latest first.',
    description:
      'A join is decided anew when better evidence comes; `decidedAt` says when it last was. `correction` is what operators said of it.',
    query: SaleJoinQuery,
    answers: { 200: { description: 'A page of joins.', schema: pageOf(SaleJoinView) } },
    errors: [],
  },
  {
    method: 'post',
    path: '/v1/sale-joins/{saleId}/not-this-customer',
    tag,
    summary: 'Says that a joined sale is not this customer’s and, where that is known, whose it is instead.',
    description:
      'Kept and obeyed, whatever the till or a camera says later: the sale with its refunds leaves the customer’s months, RFM and forecast, and counts to the other one. Said again, it changes nothing.',
    body: SaleJoinDenial,
    answers: {
      200: { description: 'All that was said of the sale and still holds.', schema: SaleCorrectionView },
    },
    errors: ['SALE_NOT_FOUND', 'SALE_OF_ANOTHER', 'SALE_NAMED', 'CUSTOMER_NOT_FOUND', 'VISIT_NOT_FOUND'],
  },
  {
    method: 'delete',
    path: '/v1/sale-joins/{saleId}/correction',
    tag,
    summary: 'Takes back all that was said of a joined sale: it is joined by the evidence again.',
    answers: { 204: { description: 'It is taken back, or nothing had been said.' } },
    errors: ['SALE_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/sale-joins/{saleId}/corrections',
    tag,
    summary: 'Who said what of a joined sale and when, the oldest first.',
    answers: { 200: { description: 'All that was said.', schema: pageOf(SaleCorrectionAct) } },
    errors: ['SALE_NOT_FOUND'],
  },
];
