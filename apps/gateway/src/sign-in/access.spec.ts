import { IssuedTokenView, pageOf, TokenView } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../openapi.js';
import { connected, errorOf, startRig, type Rig } from '../testing/rig.js';
import { FAILURES_PER_MINUTE } from './sign-in.js';

describe('access', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('every route of the API needs the token', async () => {
    for (const { method, path, isSigned } of ROUTES) {
      if (isSigned) continue;
      const address = path.replace('{cameraId}', 'door').replace('{customerId}', 'cus_4f2k9s7d1m3q8w6e0h5t');
      const upper = method.toUpperCase();
      const none = await rig.request(upper, address, { headers: { authorization: '' } });
      expect([upper, address, none.status, (await errorOf(none)).code]).toEqual([
        upper,
        address,
        401,
        'TOKEN_MISSING',
      ]);
      expect(none.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('wrong tokens are refused, then have to wait; the owner goes on', async () => {
    expect((await rig.request('GET', '/v1/cameras')).status).toBe(200);
    const wrong = { headers: { authorization: 'Bearer rgl_guess' } };
    for (let i = 0; i < FAILURES_PER_MINUTE; i++) {
      expect((await errorOf(await rig.request('GET', '/v1/cameras', wrong))).code).toBe('TOKEN_UNKNOWN');
    }
    const limited = await rig.request('GET', '/v1/cameras', wrong);
    expect([limited.status, (await errorOf(limited)).code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await rig.request('GET', '/v1/cameras')).status).toBe(200);
  });
});

describe("a till's token", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('posts sales and nothing else, until the owner withdraws it', async () => {
    const made = await rig.request('POST', '/v1/tokens', { json: { name: 'till 1' } });
    const { token, tokenId, role } = IssuedTokenView.parse(await made.json());
    expect([made.status, role]).toEqual([201, 'till']);
    const asTill = (method: string, path: string, json?: unknown) =>
      rig.request(method, path, { json, headers: { authorization: `Bearer ${token}` } });
    const sale = { saleId: 'S1', occurredAt: '2026-03-01T09:00:00Z', amountMinor: 100, currency: 'EUR' };
    const refund = { ...sale, refundId: 'R1' };
    expect((await asTill('POST', '/v1/sales', sale)).status).toBe(201);
    expect((await asTill('POST', '/v1/refunds', refund)).status).toBe(201);
    const forTills = ['/v1/sales', '/v1/refunds'];
    for (const { method, path, isSigned } of ROUTES) {
      if (isSigned || forTills.includes(path)) continue;
      const refused = await asTill(method.toUpperCase(), path);
      expect([path, refused.status, (await errorOf(refused)).code]).toEqual([path, 403, 'TOKEN_FORBIDDEN']);
    }
    const page = rig.page({ token });
    await expect(connected(page)).rejects.toMatchObject({ data: { code: 'TOKEN_FORBIDDEN' } });

    const list = await (await rig.request('GET', '/v1/tokens')).json();
    expect(
      pageOf(TokenView)
        .parse(list)
        .items.map(({ name }) => name),
    ).toEqual(['first owner', 'till 1']);
    expect(JSON.stringify(list)).not.toContain(token);
    expect((await rig.request('DELETE', `/v1/tokens/${tokenId}`)).status).toBe(204);
    expect((await errorOf(await asTill('POST', '/v1/sales', sale))).code).toBe('TOKEN_UNKNOWN');
    const again = await rig.request('DELETE', `/v1/tokens/${tokenId}`);
    expect((await errorOf(again)).code).toBe('TOKEN_NOT_FOUND');
    const owner = pageOf(TokenView).parse(list).items[0]?.tokenId ?? '';
    const last = await rig.request('DELETE', `/v1/tokens/${owner}`);
    expect([last.status, (await errorOf(last)).code]).toEqual([409, 'TOKEN_LAST_OWNER']);
  });
});

describe('too many requests', () => {
  it('of one address get 429 and when to try again', async () => {
    const rig = await startRig({ GATEWAY_REQUESTS_PER_MINUTE: '10' });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 10; i++) {
        const path = i % 2 === 0 ? '/v1/cameras' : '/v1/customers';
        statuses.push((await rig.request('GET', path)).status);
      }
      expect(new Set(statuses)).toEqual(new Set([200]));
      const limited = await rig.request('GET', '/v1/visits');
      expect([limited.status, (await errorOf(limited)).code]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await rig.close();
    }
  });
});
