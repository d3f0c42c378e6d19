import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../openapi.js';
import { errorOf, startRig, type Rig } from '../testing/rig.js';
import { FAILURES_PER_MINUTE } from './sign-in.js';

describe('access', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('every route of the API needs the token', async () => {
    for (const { method, path } of ROUTES) {
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
