import { SaleAnswer } from '@regulars/contracts';
import { ANSWER_KEPT_MS, CLAIM_MS, RequestsRepository, SalesRepository } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';
import { saleIdOf } from './sale-records.js';

const sale = (saleId: string, amountMinor = 500) => ({
  saleId,
  occurredAt: '2026-03-01T09:00:00Z',
  amountMinor,
  currency: 'EUR',
});

describe('a request with an Idempotency-Key', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  const post = (key: string, json: unknown, path = '/v1/sales', token = rig.token) =>
    rig.request('POST', path, {
      json,
      headers: { 'idempotency-key': key, authorization: `Bearer ${token}` },
    });

  it('gets the first answer again, status and all, in whatever order its fields are', async () => {
    const first = await post('k1', sale('a'));
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    const body: unknown = await first.json();
    const reordered = Object.fromEntries(Object.entries(sale('a')).reverse());
    for (const again of [await post('k1', sale('a')), await post('k1', reordered)]) {
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(await again.json()).toEqual(body);
    }
  });

  it('is refused with another body, and for another address', async () => {
    await post('k2', sale('b'));
    const other = await post('k2', sale('c'));
    expect([other.status, (await errorOf(other)).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const refund = await post('k2', { ...sale('b'), refundId: 'b' }, '/v1/refunds');
    expect((await errorOf(refund)).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await new SalesRepository(rig.store).get(saleIdOf('till', 'main', 'c'))).toBeNull();
  });

  it('is a request of its own for each token', async () => {
    const made = await rig.request('POST', '/v1/tokens', { json: { name: 'till' } });
    const { token } = (await made.json()) as { token: string };
    await post('k3', sale('d'));
    expect((await post('k3', sale('e'), '/v1/sales', token)).status).toBe(201);
  });

  it('of which the first is still worked on has to wait, and then gets the answer', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('k4', sale('f'))));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 409]));
    const fresh = answers.filter(
      ({ status, headers }) => status === 201 && headers.get('idempotent-replayed') === null,
    );
    expect(fresh).toHaveLength(1);
    const waiting = answers.find(({ status }) => status === 409);
    expect(waiting?.headers.get('retry-after')).toBe('1');
    expect(SaleAnswer.parse(await (await post('k4', sale('f'))).json()).result).toBe('recorded');
  });

  it('that was refused may be mended and sent with the same key', async () => {
    const wrong = await post('k5', { ...sale('g'), customerId: 'cus_4f2k9s7d1m3q8w6e0h5t' });
    expect((await errorOf(wrong)).code).toBe('CUSTOMER_NOT_FOUND');
    expect((await post('k5', sale('g'))).status).toBe(201);
    const long = await post('k'.repeat(256), sale('h'));
    expect((await errorOf(long)).fields).toHaveProperty('Idempotency-Key');
  });
});

describe('claims on requests', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('of a dead process are taken over by one, and answers are forgotten after a day', async () => {
    const requests = new RequestsRepository(rig.store);
    const at = Date.UTC(2026, 2, 1);
    const kindsOf = async (nowMs: number) =>
      (await Promise.all([1, 2, 3].map(() => requests.claim('t k', 'f', nowMs))))
        .map(({ kind }) => kind)
        .sort();
    expect(await kindsOf(at)).toEqual(['busy', 'busy', 'mine']);
    expect(await kindsOf(at + CLAIM_MS - 1)).toEqual(['busy', 'busy', 'busy']);
    expect(await kindsOf(at + CLAIM_MS)).toEqual(['busy', 'busy', 'mine']);
    await requests.settle('t k', { status: 201, body: '{}' });
    expect(await requests.claim('t k', 'f', at + CLAIM_MS)).toEqual({
      kind: 'answered',
      answer: { status: 201, body: '{}' },
    });
    expect((await requests.claim('t k', 'other', at + CLAIM_MS)).kind).toBe('other');
    expect((await requests.claim('t k', 'other', at + CLAIM_MS + ANSWER_KEPT_MS)).kind).toBe('mine');
  });
});
