import { gzipSync } from 'node:zlib';
import { ErrorBody } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './testing/raw-request.js';
import { errorOf, startRig, type RequestOptions, type Rig } from './testing/rig.js';

const MB = 1024 * 1024;
const json = (text: string): RequestOptions => ({
  body: text,
  headers: { 'content-type': 'application/json' },
});

describe('bad input', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it.each<[string, string, string, RequestOptions, number, string, Record<string, unknown>]>([
    [
      'malformed JSON',
      'POST',
      '/v1/customers',
      json('{"displayName":'),
      400,
      'REQUEST_INVALID',
      { body: 'not valid JSON' },
    ],
    [
      'JSON that is no object',
      'POST',
      '/v1/customers',
      json('"text"'),
      400,
      'REQUEST_INVALID',
      { body: 'not valid JSON' },
    ],
    ['a list', 'POST', '/v1/customers', json('[]'), 400, 'REQUEST_INVALID', { body: expect.any(String) }],
    ['no body', 'POST', '/v1/customers', {}, 400, 'REQUEST_INVALID', { body: expect.any(String) }],
    [
      'another type',
      'POST',
      '/v1/customers',
      { body: '{"displayName":"A"}', headers: { 'content-type': 'text/plain' } },
      400,
      'REQUEST_INVALID',
      { body: expect.any(String) },
    ],
    [
      'an unknown charset',
      'POST',
      '/v1/customers',
      { body: '{}', headers: { 'content-type': 'application/json; charset=x' } },
      400,
      'REQUEST_INVALID',
      { body: expect.any(String) },
    ],
    [
      'unknown fields',
      'POST',
      '/v1/customers',
      { json: { displayName: 'A', role: 'owner' } },
      400,
      'REQUEST_INVALID',
      { role: 'unknown field' },
    ],
    [
      'an operator in a body',
      'POST',
      '/v1/customers',
      { json: { displayName: { $ne: '' } } },
      400,
      'REQUEST_INVALID',
      { displayName: expect.any(String) },
    ],
    [
      'an operator in a query',
      'GET',
      '/v1/visits?limit[$gt]=1',
      {},
      400,
      'REQUEST_INVALID',
      { 'limit[$gt]': 'unknown field' },
    ],
    [
      'an operator as a value',
      'GET',
      '/v1/visits?storeId[$ne]=main',
      {},
      400,
      'REQUEST_INVALID',
      { 'storeId[$ne]': 'unknown field' },
    ],
    [
      'SQL in a query',
      'GET',
      `/v1/visits?customerId=${encodeURIComponent("' OR 1=1 --")}`,
      {},
      400,
      'REQUEST_INVALID',
      { customerId: expect.any(String) },
    ],
    [
      'a field twice',
      'GET',
      '/v1/visits?limit=1&limit=2',
      {},
      400,
      'REQUEST_INVALID',
      { limit: expect.any(String) },
    ],
    [
      'a limit that is no number',
      'GET',
      '/v1/attendance?limit=many',
      {},
      400,
      'REQUEST_INVALID',
      { limit: expect.any(String) },
    ],
    [
      'a limit that is too high',
      'GET',
      '/v1/customers?limit=100000',
      {},
      400,
      'REQUEST_INVALID',
      { limit: expect.any(String) },
    ],
    [
      'a day that is none',
      'GET',
      '/v1/attendance.csv?from=2026-02-30',
      {},
      400,
      'REQUEST_INVALID',
      { from: expect.any(String) },
    ],
    [
      'a foreign cursor',
      'GET',
      '/v1/customers?cursor=eyJhIjoxfQ',
      {},
      400,
      'REQUEST_INVALID',
      { cursor: expect.any(String) },
    ],
    [
      'an id of another kind',
      'GET',
      '/v1/customers/vis_4f2k9s7d1m3q8w6e0h5t',
      {},
      400,
      'REQUEST_INVALID',
      { customerId: expect.any(String) },
    ],
    ['a method that is not there', 'PUT', '/v1/customers', { json: {} }, 404, 'NOT_FOUND', {}],
    [
      'JSON above 1 MB',
      'POST',
      '/v1/customers',
      { json: { displayName: 'x'.repeat(2 * MB) } },
      413,
      'REQUEST_TOO_LARGE',
      {},
    ],
    [
      'little JSON that unpacks to much',
      'POST',
      '/v1/customers',
      {
        body: new Uint8Array(gzipSync(`{"displayName":"${'x'.repeat(5 * MB)}"}`)),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      },
      413,
      'REQUEST_TOO_LARGE',
      {},
    ],
  ])('%s', async (_, method, path, options, status, code, fields) => {
    const response = await rig.request(method, path, options);
    const error = await errorOf(response);
    expect([response.status, error.code]).toEqual([status, code]);
    expect(error.fields).toEqual(fields);
  });

  it('several wrong fields are named at once', async () => {
    const response = await rig.request('POST', '/v1/cameras', {
      json: { cameraId: 'Front Door', fps: 1000, source: '', mode: 'spy' },
    });
    const { fields } = await errorOf(response);
    expect(Object.keys(fields).sort()).toEqual(['cameraId', 'fps', 'mode', 'name', 'source']);
  });

  it.each([
    '/v1/cameras/..%2f..%2fetc%2fpasswd',
    '/v1/cameras/%2e%2e',
    '/v1/cameras/%00',
    '/v1/cameras/%ff',
    '/v1/cameras/%',
    '/v1/cameras/door%0d%0aX-Evil:1',
    '/v1/customers/%7B%22$ne%22:1%7D',
    `/v1/cameras/${'a'.repeat(5_000)}`,
    '/v1/../v1/customers/../../etc/passwd',
    '//v1/cameras',
    '/docs/..%2f..%2fpackage.json',
  ])('the path %s leads nowhere', async (path) => {
    const { status, body, headers } = await sendRaw(rig, { method: 'GET', path });
    expect([400, 404]).toContain(status);
    expect(['REQUEST_INVALID', 'NOT_FOUND']).toContain(ErrorBody.parse(JSON.parse(body)).error.code);
    expect(headers).not.toHaveProperty('x-evil');
  });

  it('a key of the prototype changes no other object', async () => {
    const body = json(
      '{"displayName":"A","__proto__":{"isOwner":true},"constructor":{"prototype":{"isOwner":true}}}',
    );
    expect((await rig.request('POST', '/v1/customers', body)).status).toBe(400);
    expect({}).not.toHaveProperty('isOwner');
  });
});

describe('a store that is away', () => {
  it('gives 503 and when to try again, and is named as the fault', async () => {
    const rig = await startRig();
    await rig.request('GET', '/v1/cameras');
    await rig.store.close();
    try {
      for (const path of ['/v1/cameras', '/v1/attendance.csv']) {
        const response = await rig.request('GET', path);
        expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '5']);
        expect((await errorOf(response)).code).toBe('STORE_UNAVAILABLE');
      }
      expect(await rig.gateway.faults()).toHaveProperty('store');
    } finally {
      await rig.close();
    }
  });
});
