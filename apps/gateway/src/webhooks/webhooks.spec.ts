import { createHmac } from 'node:crypto';
import { ERRORS, WebhookAnswer } from '@regulars/contracts';
import { SalesRepository, WebhookEventsRepository } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saleIdOf } from '../sales/sale-records.js';
import { errorOf, startRig, type Rig } from '../testing/rig.js';

const SECRET = 'whsec_test-of-stripe';
const URL = 'https://shop.example/v1/webhooks/square';

const chargeEvent = (eventId: string, part: object = {}, type = 'charge.succeeded') => ({
  id: eventId,
  type,
  data: {
    object: {
      id: `ch_${eventId}`,
      amount: 1099,
      captured: true,
      currency: 'eur',
      created: 1772356360,
      ...part,
    },
  },
});

describe('webhooks', () => {
  let rig: Rig;
  let sales: SalesRepository;
  beforeAll(async () => {
    rig = await startRig({
      STRIPE_WEBHOOK_SECRETS: `whsec_of-last-year,${SECRET}`,
      SQUARE_WEBHOOK_SECRETS: 'square-signature-key',
      SQUARE_WEBHOOK_URL: URL,
    });
    sales = new SalesRepository(rig.store);
  });
  afterAll(() => rig.close());

  const send = (provider: string, body: string, headers: Record<string, string>) =>
    rig.request('POST', `/v1/webhooks/${provider}`, {
      body,
      headers: { authorization: '', 'content-type': 'application/json', ...headers },
    });
  const stripe = (message: object, secret = SECRET, atS = Math.floor(Date.now() / 1_000)) => {
    const body = JSON.stringify(message, null, 1);
    const signature = createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex');
    return send('stripe', body, { 'stripe-signature': `t=${atS},v1=${signature}` });
  };

  it('make sales without a token, once for each message and each charge', async () => {
    const first = await stripe(chargeEvent('evt_a'));
    expect([first.status, WebhookAnswer.parse(await first.json())]).toEqual([
      200,
      { eventId: 'evt_a', result: 'recorded' },
    ]);
    const again = await stripe(chargeEvent('evt_a'), 'whsec_of-last-year');
    expect(WebhookAnswer.parse(await again.json()).result).toBe('repeated');
    const other = await stripe(chargeEvent('evt_b', { id: 'ch_evt_a' }, 'charge.captured'));
    expect(WebhookAnswer.parse(await other.json()).result).toBe('known');
    const stored = await sales.get(saleIdOf('stripe', 'main', 'ch_evt_a'));
    expect(stored).toMatchObject({ source: 'stripe', amountMinor: 1099, currency: 'EUR' });
  });

  it('that are forged, old or of a provider without a secret are refused with a code each, and store nothing', async () => {
    const forged = await stripe(chargeEvent('evt_f'), 'whsec_guess');
    expect([forged.status, (await errorOf(forged)).code]).toEqual([401, 'WEBHOOK_SIGNATURE_INVALID']);
    const unsigned = await send('stripe', JSON.stringify(chargeEvent('evt_f')), {});
    expect((await errorOf(unsigned)).code).toBe('WEBHOOK_SIGNATURE_INVALID');
    const old = await stripe(chargeEvent('evt_f'), SECRET, Math.floor(Date.now() / 1_000) - 3_600);
    expect([old.status, (await errorOf(old)).code]).toEqual([401, 'WEBHOOK_TOO_OLD']);
    const shopify = await send('shopify', '{}', {});
    const error = await errorOf(shopify);
    expect([shopify.status, error.code, error.fields]).toEqual([
      ERRORS.WEBHOOK_NOT_CONFIGURED.status,
      'WEBHOOK_NOT_CONFIGURED',
      { provider: 'shopify', variable: 'SHOPIFY_WEBHOOK_SECRETS' },
    ]);
    expect((await send('paypal', '{}', {})).status).toBe(400);
    expect(await sales.get(saleIdOf('stripe', 'main', 'ch_evt_f'))).toBeNull();
  });

  it('of types that are not known are kept and acknowledged', async () => {
    const event = { id: 'evt_k', type: 'invoice.paid', data: { object: { note: 'seltsam' } } };
    expect(WebhookAnswer.parse(await (await stripe(event)).json()).result).toBe('kept');
    const [kept] = await new WebhookEventsRepository(rig.store).newest('stripe', 1);
    expect(kept).toMatchObject({ eventId: 'evt_k', type: 'invoice.paid', result: 'kept' });
    expect(JSON.parse(kept?.body ?? '')).toEqual(event);
  });

  it('of Square are signed over the address too, with the store and the till in it', async () => {
    const payment = {
      id: 'p1',
      status: 'COMPLETED',
      created_at: '2026-03-01T09:12:40Z',
      amount_money: { amount: 700, currency: 'EUR' },
    };
    const body = JSON.stringify({ event_id: 'e1', type: 'payment.created', data: { object: { payment } } });
    const signatureFor = (url: string) =>
      createHmac('sha256', 'square-signature-key')
        .update(url + body)
        .digest('base64');
    const path = 'square?storeId=harbour&tillId=till-3';
    const sign = (url: string) => ({ 'x-square-hmacsha256-signature': signatureFor(url) });
    expect((await send(path, body, sign(URL))).status).toBe(401);
    expect((await send(path, body, sign(`${URL}?storeId=harbour&tillId=till-3`))).status).toBe(200);
    expect(await sales.get(saleIdOf('square', 'harbour', 'p1'))).toMatchObject({
      storeId: 'harbour',
      tillId: 'till-3',
      amountMinor: 700,
    });
  });

  it('that are signed rightly but have another form are refused by the field, and counted', async () => {
    const wrong = await stripe(chargeEvent('evt_w', { currency: 'eux' }));
    expect([wrong.status, (await errorOf(wrong)).fields]).toEqual([
      422,
      { 'data.object.currency': expect.any(String) },
    ]);
    const text = await rig.metrics.text();
    expect(text).toMatch(/regulars_webhooks_total\{[^}]*provider="stripe",result="WEBHOOK_INVALID"[^}]*\} 1/);
    expect(rig.logLines.join('')).not.toContain(SECRET);
  });
});
