import { CustomerView, EnrolmentResult, ErrorBody, type NewCustomer } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerEnrolments, startRig, type Rig } from '../testing/rig.js';

const CONSENT = { textVersion: '2026-01', givenAt: '2026-03-01T09:00:00.000Z' };
const GOOD = new Uint8Array([0xff, 0xd8, 1, 2]);
const BAD = new Uint8Array([1, 2, 3]);

function form(...photographs: Uint8Array<ArrayBuffer>[]): FormData {
  const data = new FormData();
  for (const bytes of photographs) data.append('photographs', new Blob([bytes]), 'face.jpg');
  return data;
}

describe('photographs over HTTP', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
    await answerEnrolments(rig.broker);
  });
  afterAll(() => rig.close());

  const create = async (customer: Partial<NewCustomer> = { consent: CONSENT }) => {
    const json = { displayName: 'Ada', ...customer };
    const view = CustomerView.parse(await (await rig.request('POST', '/v1/customers', { json })).json());
    return `/v1/customers/${view.customerId}/photographs`;
  };
  const errorOf = async (response: Response) => ErrorBody.parse(await response.json()).error;

  it('are judged one by one: 201 when at least one is good', async () => {
    const response = await rig.request('POST', await create(), { body: form(BAD, GOOD, GOOD) });
    const result = EnrolmentResult.parse(await response.json());
    expect(response.status).toBe(201);
    expect(result.templates).toBe(2);
    expect(result.photographs.map(({ kind, index }) => [kind, index])).toEqual([
      ['refused', 0],
      ['accepted', 1],
      ['accepted', 2],
    ]);
  });

  it('give 422 with the reason for each when none is good', async () => {
    const response = await rig.request('POST', await create(), { body: form(BAD, BAD) });
    expect(response.status).toBe(422);
    const result = EnrolmentResult.parse(await response.json());
    expect(result.photographs.map((item) => item.kind === 'refused' && item.code)).toEqual([
      'PICTURE_UNREADABLE',
      'PICTURE_UNREADABLE',
    ]);
  });

  it('are enrolled also when all of them together are too large for one message', async () => {
    const large = new Uint8Array(9 * 1024 * 1024);
    large.set(GOOD);
    const response = await rig.request('POST', await create(), { body: form(large, large, GOOD) });
    const result = EnrolmentResult.parse(await response.json());
    expect([response.status, result.templates]).toEqual([201, 3]);
    expect(result.photographs.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it.each([
    ['no consent', {}],
    ['a consent that ended', { consent: { ...CONSENT, until: '2026-03-02T00:00:00.000Z' } }],
  ])('are not taken in with %s', async (_, customer) => {
    const response = await rig.request('POST', await create(customer), { body: form(GOOD) });
    expect([response.status, (await errorOf(response)).code]).toEqual([422, 'CONSENT_MISSING']);
  });

  it.each([
    ['no file', () => form(), 'photographs'],
    ['an empty file', () => form(GOOD, new Uint8Array()), 'photographs.1'],
    ['eleven files', () => form(...Array.from({ length: 11 }, () => GOOD)), 'body'],
  ])('must be 1 to 10 files: %s', async (_, body, field) => {
    const response = await rig.request('POST', await create(), { body: body() });
    const { code, fields } = await errorOf(response);
    expect([response.status, code, Object.keys(fields)]).toEqual([400, 'REQUEST_INVALID', [field]]);
  });

  it('must come in their own field, with no other field beside', async () => {
    const path = await create();
    const elsewhere = new FormData();
    elsewhere.append('file', new Blob([GOOD]), 'face.jpg');
    const beside = form(GOOD);
    beside.append('customerId', 'somebody');
    for (const body of [elsewhere, beside]) {
      const response = await rig.request('POST', path, { body });
      expect([response.status, (await errorOf(response)).code]).toEqual([400, 'REQUEST_INVALID']);
    }
  });

  it('must come as a form', async () => {
    const path = await create();
    const json = await rig.request('POST', path, { json: { photographs: [] } });
    const broken = await rig.request('POST', path, {
      body: '--x\r\nContent-Disposition: form-data; name="photographs"',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    const noBoundary = await rig.request('POST', path, {
      body: 'x',
      headers: { 'content-type': 'multipart/form-data' },
    });
    for (const response of [json, broken, noBoundary]) {
      expect([response.status, (await errorOf(response)).code]).toEqual([400, 'REQUEST_INVALID']);
    }
  });

  it('are removed with what the customer is recognised by', async () => {
    const path = await create();
    expect((await rig.request('DELETE', path)).status).toBe(204);
  });

  it('of an unknown customer are not taken in', async () => {
    const response = await rig.request('POST', '/v1/customers/cus_0000000000000000/photographs', {
      body: form(GOOD),
    });
    expect([response.status, (await errorOf(response)).code]).toEqual([404, 'CUSTOMER_NOT_FOUND']);
  });
});

describe('photographs while recognition is away', () => {
  it('get 503 and when to try again', async () => {
    const rig = await startRig();
    try {
      const json = { displayName: 'Ada', consent: CONSENT };
      const view = CustomerView.parse(await (await rig.request('POST', '/v1/customers', { json })).json());
      await rig.broker.close(100);
      const path = `/v1/customers/${view.customerId}/photographs`;
      const response = await rig.request('POST', path, { body: form(GOOD) });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(ErrorBody.parse(await response.json()).error.code).toBe('RECOGNITION_UNAVAILABLE');
      expect(await rig.gateway.faults()).toHaveProperty('broker');
    } finally {
      await rig.close();
    }
  });
});
