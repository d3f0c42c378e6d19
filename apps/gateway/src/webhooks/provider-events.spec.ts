import { isRegularsError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { exactJson } from './exact-json.js';
import { shopifyEvent } from './shopify.js';
import { squareEvent } from './square.js';
import { standardEvent } from './standard.js';
import { stripeEvent } from './stripe.js';

const PLACE = { storeId: 'harbour', tillId: 'till-2' };

const square = {
  payment: (part: object = {}) => ({
    merchant_id: 'M1',
    type: 'payment.updated',
    event_id: '6a8f5f28-54a1-4eb0-a98a-3111513fd4fc',
    created_at: '2026-03-01T09:12:42.000Z',
    data: {
      type: 'payment',
      id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
      object: {
        payment: {
          id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
          created_at: '2026-03-01T09:12:40.123Z',
          amount_money: { amount: 1000, currency: 'USD' },
          tip_money: { amount: 150, currency: 'USD' },
          total_money: { amount: 1150, currency: 'USD' },
          status: 'COMPLETED',
          customer_id: 'W92WH6P11H4Z77CTET0RNTGFW8',
          location_id: 'S8GWD5R9QB376',
          ...part,
        },
      },
    },
  }),
  refund: (part: object = {}) => ({
    type: 'refund.updated',
    event_id: 'bc316346-6691-4243-88ed-6d651a0d0c47',
    data: {
      type: 'refund',
      object: {
        refund: {
          id: 'R_1',
          status: 'COMPLETED',
          created_at: '2026-03-02T10:00:00Z',
          amount_money: { amount: 500, currency: 'USD' },
          payment_id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
          ...part,
        },
      },
    },
  }),
};

const shopify = {
  order: (part: object = {}) => ({
    id: '820982911946154508',
    created_at: '2026-03-01T09:12:39-05:00',
    processed_at: '2026-03-01T09:12:40-05:00',
    total_price: '409.94',
    currency: 'USD',
    customer: { id: '115310627314723954', email: 'john@example.com' },
    line_items: [
      { id: 1, quantity: 1, price: '199.00' },
      { id: 2, quantity: 2, price: '105.47' },
    ],
    ...part,
  }),
  refund: (transactions: object[]) => ({
    id: 509562969,
    order_id: '820982911946154508',
    created_at: '2026-03-02T10:00:00-05:00',
    processed_at: null,
    transactions,
  }),
};
const shopifyHeaders = (topic: string) => ({
  'x-shopify-topic': topic,
  'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
});

const stripe = (type: string, object: object) => ({ id: 'evt_1', object: 'event', type, data: { object } });
const charge = {
  id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
  object: 'charge',
  amount: 1099,
  amount_captured: 1099,
  captured: true,
  currency: 'usd',
  created: 1772356360,
  customer: 'cus_NffrFeUfNV2Hib',
};
const refund = {
  id: 're_1Nispe2eZvKYlo2Cd31jOCgZ',
  object: 'refund',
  amount: 1000,
  charge: charge.id,
  currency: 'usd',
  created: 1772442760,
  status: 'succeeded',
};

describe('what providers send', () => {
  it('Square: a completed payment with its tip is a sale, a completed refund names it', () => {
    expect(squareEvent(square.payment(), PLACE)).toMatchObject({
      eventId: '6a8f5f28-54a1-4eb0-a98a-3111513fd4fc',
      incoming: {
        kind: 'sale',
        sale: {
          saleId: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
          ...PLACE,
          occurredAt: '2026-03-01T09:12:40.123Z',
          amountMinor: 1150,
          currency: 'USD',
          customerExternalId: 'square:W92WH6P11H4Z77CTET0RNTGFW8',
        },
      },
    });
    expect(squareEvent(square.refund(), PLACE).incoming).toMatchObject({
      kind: 'refund',
      refund: { refundId: 'R_1', saleId: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY', amountMinor: 500, currency: 'USD' },
    });
  });

  it('Shopify: a paid order is a sale in cents, the successful part of a refund is given back', () => {
    expect(shopifyEvent(shopify.order(), shopifyHeaders('orders/paid'), PLACE)).toMatchObject({
      eventId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      incoming: {
        sale: {
          saleId: '820982911946154508',
          occurredAt: '2026-03-01T14:12:40.000Z',
          amountMinor: 40994,
          currency: 'USD',
          items: 3,
          customerExternalId: 'shopify:115310627314723954',
        },
      },
    });
    const paid = { kind: 'refund', status: 'success', amount: '41.94', currency: 'USD' };
    const body = shopify.refund([paid, { ...paid, amount: '1.06' }, { ...paid, status: 'failure' }]);
    expect(shopifyEvent(body, shopifyHeaders('refunds/create'), PLACE).incoming).toMatchObject({
      refund: { refundId: '509562969', amountMinor: 4300, occurredAt: '2026-03-02T15:00:00.000Z' },
    });
    const yen = shopify.order({ total_price: '1200', currency: 'JPY' });
    expect(shopifyEvent(yen, shopifyHeaders('orders/paid'), PLACE).incoming).toMatchObject({
      sale: { amountMinor: 1200 },
    });
  });

  it('keep every digit of a long id', () => {
    const text =
      '{"id":820982911946154508,"note":"1234567890123456789, \\"9999999999999999\\"","price":1.5,"n":12}';
    expect(exactJson(text)).toEqual({
      id: '820982911946154508',
      note: '1234567890123456789, "9999999999999999"',
      price: 1.5,
      n: 12,
    });
    expect(() => exactJson('{')).toThrow(expect.objectContaining({ code: 'WEBHOOK_INVALID' }));
  });

  it('Stripe: a captured charge is a sale, a refund that succeeded names it', () => {
    expect(stripeEvent(stripe('charge.succeeded', charge), PLACE).incoming).toMatchObject({
      sale: {
        saleId: charge.id,
        occurredAt: '2026-03-01T09:12:40.000Z',
        amountMinor: 1099,
        currency: 'USD',
        customerExternalId: 'stripe:cus_NffrFeUfNV2Hib',
      },
    });
    expect(stripeEvent(stripe('refund.created', refund), PLACE).incoming).toMatchObject({
      refund: { refundId: refund.id, saleId: charge.id, amountMinor: 1000 },
    });
  });

  it.each([
    ['isk', 50_000, 500],
    ['mga', 5, 500],
    ['jpy', 500, 500],
    ['kwd', 500, 500],
  ])('Stripe counts %s in its own unit', (currency, amount, amountMinor) => {
    const object = { ...charge, currency, amount, amount_captured: amount };
    expect(stripeEvent(stripe('charge.succeeded', object), PLACE).incoming).toMatchObject({
      sale: { amountMinor },
    });
  });

  it('Standard Webhooks: sale.created and refund.created carry the fields of the API', () => {
    const headers = { 'webhook-id': 'msg_1' };
    const data = { saleId: 'S1', occurredAt: '2026-03-01T09:12:40Z', amountMinor: 5, currency: 'EUR' };
    expect(standardEvent({ type: 'sale.created', data }, headers, PLACE)).toMatchObject({
      eventId: 'msg_1',
      incoming: { sale: { ...data, ...PLACE, occurredAt: '2026-03-01T09:12:40.000Z' } },
    });
    const back = { ...data, refundId: 'R1' };
    expect(standardEvent({ type: 'refund.created', data: back }, headers, PLACE).incoming).toMatchObject({
      refund: { refundId: 'R1', saleId: 'S1', isVoid: false },
    });
  });

  it.each([
    ['Square, not completed', () => squareEvent(square.payment({ status: 'APPROVED' }), PLACE)],
    ['Square, a refund that waits', () => squareEvent(square.refund({ status: 'PENDING' }), PLACE)],
    ['Square, another type', () => squareEvent({ type: 'loyalty.updated', event_id: 'e' }, PLACE)],
    ['Shopify, another topic', () => shopifyEvent({}, shopifyHeaders('carts/update'), PLACE)],
    [
      'Shopify, nothing paid back',
      () => shopifyEvent(shopify.refund([]), shopifyHeaders('refunds/create'), PLACE),
    ],
    [
      'Stripe, not captured',
      () => stripeEvent(stripe('charge.succeeded', { ...charge, captured: false }), PLACE),
    ],
    [
      'Stripe, a refund that waits',
      () => stripeEvent(stripe('refund.created', { ...refund, status: 'pending' }), PLACE),
    ],
    ['Stripe, another type', () => stripeEvent(stripe('invoice.paid', {}), PLACE)],
    ['Standard, another type', () => standardEvent({ type: 'user.created' }, { 'webhook-id': 'm' }, PLACE)],
  ])('%s is no sale', (_, read) => {
    expect(read().incoming).toBeNull();
  });

  it.each([
    ['body', () => squareEvent('text', PLACE)],
    ['data.object.payment', () => squareEvent({ type: 'payment.updated', event_id: 'e', data: {} }, PLACE)],
    [
      'data.object.payment.amountMinor',
      () => squareEvent(square.payment({ total_money: { amount: -5, currency: 'USD' } }), PLACE),
    ],
    [
      'order.total_price',
      () => shopifyEvent(shopify.order({ total_price: '1e20' }), shopifyHeaders('orders/paid'), PLACE),
    ],
    [
      'order.currency',
      () => shopifyEvent(shopify.order({ currency: 'EUX' }), shopifyHeaders('orders/paid'), PLACE),
    ],
    ['refund.order_id', () => shopifyEvent(shopify.order(), shopifyHeaders('refunds/create'), PLACE)],
    [
      'data.object.currency',
      () => stripeEvent(stripe('charge.succeeded', { ...charge, currency: null }), PLACE),
    ],
    ['data.saleId', () => standardEvent({ type: 'sale.created', data: {} }, {}, PLACE)],
  ])('a wrong %s is named', (field, read) => {
    const attempt = (): unknown => {
      try {
        return read();
      } catch (error) {
        return isRegularsError(error) ? { code: error.code, fields: Object.keys(error.fields) } : error;
      }
    };
    expect(attempt()).toMatchObject({ code: 'WEBHOOK_INVALID', fields: expect.arrayContaining([field]) });
  });
});
