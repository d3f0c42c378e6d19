import { SaleAnswer, SILENT } from '@regulars/contracts';
import {
  ANSWER_KEPT_MS,
  CLAIM_MS,
  RequestsRepository,
  type SaleRecord,
  SalesRepository,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';
import { startGateway } from '../gateway.js';
import { Once } from './once.js';
import { recordOf, saleIdOf } from './sale-records.js';

const sale = (saleId: string, amountMinor = 500) => ({
  storeId: 'main',
  saleId,
  occurredAt: '2026-03-01T09:00:00Z',
  amountMinor,
  currency: 'EUR',
});

function storedAs(externalId: string, atMs: number): SaleRecord {
  const receivedAt = new Date(atMs).toISOString();
  return recordOf({ kind: 'sale', sale: sale(externalId) }, { source: 'till', receivedAt, customerId: null });
}

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

  it('is one request, whether one sale or several come with the key', async () => {
    const reused = [422, 'IDEMPOTENCY_KEY_REUSED'];
    await post('k6', sale('k'));
    const batch = await post('k6', { sales: [sale('k')] });
    expect([batch.status, (await errorOf(batch)).code]).toEqual(reused);
    expect((await post('k7', { sales: [sale('l')] })).status).toBe(201);
    const single = await post('k7', sale('m'));
    expect([single.status, (await errorOf(single)).code]).toEqual(reused);
    expect(await new SalesRepository(rig.store).get(saleIdOf('till', 'main', 'm'))).toBeNull();
  });

  it('that says what was stored before is answered alike from then on', async () => {
    await post('k8', sale('n'));
    for (const replayed of [null, 'true']) {
      const repeat = await post('k9', sale('n'));
      expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([200, replayed]);
      expect(SaleAnswer.parse(await repeat.json()).result).toBe('known');
    }
  });

  it('brings one sale only when two replicas get it at once with different sales', async () => {
    const { environment, broker, store } = rig;
    const parts = { environment: { ...environment, gatewayPort: 0 }, broker, store, telemetry: SILENT };
    const second = await startGateway(parts);
    const sales = new SalesRepository(rig.store);
    for (let round = 0; round < 10; round++) {
      const ids = [`p${round}`, `q${round}`];
      const [one, other] = await Promise.all(
        [rig.gateway.address, second.address].map((address, place) =>
          fetch(`${address}/v1/sales`, {
            method: 'POST',
            body: JSON.stringify(sale(ids[place] ?? '')),
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${rig.token}`,
              'idempotency-key': `two ${round}`,
            },
          }),
        ),
      );
      expect([one?.status, other?.status].sort()).toEqual([201, 422]);
      const stored = await Promise.all(ids.map((id) => sales.get(saleIdOf('till', 'main', id))));
      expect(stored.filter((found) => found !== null)).toHaveLength(1);
    }
    await second.stop();
  });

  it('may come with another sale after a day', async () => {
    const requests = new RequestsRepository(rig.store);
    const sales = new SalesRepository(rig.store);
    let now = Date.now();
    const once = new Once(requests, sales, SILENT, () => now);
    const request = { method: 'POST', path: '/v1/sales', headers: { 'idempotency-key': 'old' } };
    const response = { setHeader: () => undefined };
    const send = (externalId: string) => {
      const record = storedAs(externalId, now);
      const answer = { status: 201, body: record.id };
      return once.answer<string>(
        request as never,
        response as never,
        externalId,
        () => Promise.reject(new Error('not asked for')),
        {
          store: async (one) => ((await sales.insertRequested(record, one)) ? answer : null),
          answerOf: ({ id: body }) => ({ status: 201, body }),
        },
      );
    };
    const first = await send('old-1');
    expect(await send('old-1')).toBe(first);
    await expect(send('old-2')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    now += ANSWER_KEPT_MS + 1_000;
    await expect(send('old-2')).rejects.toThrow('not asked for');
    expect(await send('old-2')).toBe(saleIdOf('till', 'main', 'old-2'));
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
