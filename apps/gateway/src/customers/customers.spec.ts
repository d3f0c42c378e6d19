import {
  type CustomerUpdated,
  CustomerView,
  ErasureCertificate,
  ErrorBody,
  type NewCustomer,
  pageOf,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import {
  AttendanceRepository,
  Keyring,
  loadOrCreateMasterKey,
  TemplatesRepository,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRig, type Rig } from '../testing/rig.js';

const CONSENT = { textVersion: '2026-01', givenAt: '2026-03-01T09:00:00.000Z' };

describe('customers over HTTP', () => {
  let rig: Rig;
  const updates: CustomerUpdated[] = [];
  beforeAll(async () => {
    rig = await startRig();
    await rig.broker.subscribe('recognition.gallery', (delivery) => {
      if (delivery.key === 'customer.updated') updates.push(delivery.payload as CustomerUpdated);
      return Promise.resolve({ kind: 'done' });
    });
  });
  afterAll(() => rig.close());

  const errorOf = async (response: Response) => ErrorBody.parse(await response.json()).error;
  const create = async (customer: NewCustomer) => {
    const response = await rig.request('POST', '/v1/customers', { json: customer });
    expect(response.status).toBe(201);
    return CustomerView.parse(await response.json());
  };
  const updatesOf = (customerId: string) =>
    updates.filter((update) => update.customerId === customerId).map(({ change }) => change);

  it('are created with what they agreed to', async () => {
    const view = await create({ displayName: ' Ada Byron ', externalId: 'card-1', consent: CONSENT });
    expect(view).toMatchObject({
      displayName: 'Ada Byron',
      externalId: 'card-1',
      consent: { ...CONSENT, until: null },
      templates: 0,
      isStaff: false,
      visits: 0,
      lastVisitAt: null,
    });
    await vi.waitFor(() => expect(updatesOf(view.customerId)).toEqual(['created']));
    const got = await rig.request('GET', `/v1/customers/${view.customerId}`);
    expect(await got.json()).toEqual(view);
  });

  it("have the operator's own number for themselves", async () => {
    const first = await create({ displayName: 'One', externalId: 'card-2' });
    const second = await create({ displayName: 'Two', externalId: 'card-3' });
    const json = { displayName: 'Three', externalId: 'card-2' };
    const taken = await rig.request('POST', '/v1/customers', { json });
    expect(taken.status).toBe(409);
    expect(await errorOf(taken)).toMatchObject({ code: 'CUSTOMER_EXISTS', fields: { field: 'externalId' } });
    const changed = await rig.request('PATCH', `/v1/customers/${second.customerId}`, {
      json: { externalId: 'card-2' },
    });
    expect((await errorOf(changed)).code).toBe('CUSTOMER_EXISTS');
    const found = await rig.request('GET', '/v1/customers?externalId=card-2');
    expect(await found.json()).toEqual({ items: [first], nextCursor: null });
    const none = await rig.request('GET', '/v1/customers?externalId=nobody');
    expect(await none.json()).toEqual({ items: [], nextCursor: null });
  });

  it('are listed page by page, the newest first, each once', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await create({ displayName: `Page ${i}` })).customerId);
    const seen: string[] = [];
    let path = '/v1/customers?limit=2';
    for (;;) {
      const page = pageOf(CustomerView).parse(await (await rig.request('GET', path)).json());
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ customerId }) => customerId));
      if (page.nextCursor === null) break;
      path = `/v1/customers?limit=2&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect([...seen.slice(0, 5)].sort()).toEqual([...made].sort());
  });

  it('are changed field by field: what is left out stays', async () => {
    const { customerId } = await create({ displayName: 'Before', externalId: 'card-4', consent: CONSENT });
    const response = await rig.request('PATCH', `/v1/customers/${customerId}`, {
      json: { displayName: 'After' },
    });
    expect(CustomerView.parse(await response.json())).toMatchObject({
      displayName: 'After',
      externalId: 'card-4',
      consent: { textVersion: '2026-01' },
    });
    await vi.waitFor(() => expect(updatesOf(customerId)).toEqual(['created', 'renamed']));
  });

  it('are erased for good: key, templates, name; asking again gives the same certificate', async () => {
    const { customerId } = await create({ displayName: 'Leaves', externalId: 'card-5', consent: CONSENT });
    const keyring = new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir));
    const templates = new TemplatesRepository(rig.store, keyring);
    const template = {
      customerId,
      model: 'm',
      embedding: new Float32Array(4),
      source: 'photograph',
    } as const;
    const quality = { faceWidthPx: 96, sharpness: 210, yawDegrees: 0, pitchDegrees: 0, brightness: 118 };
    const addedAt = new Date().toISOString();
    for (let i = 0; i < 3; i++) {
      await templates.add({ ...template, templateId: newId('tpl'), quality, addedAt });
    }
    const attendance = new AttendanceRepository(rig.store);
    const was = { storeId: 'main', customerId, firstSeenAt: addedAt };
    for (const day of ['2026-03-01', '2026-03-02']) await attendance.record({ ...was, day });
    const path = `/v1/customers/${customerId}`;
    expect(CustomerView.parse(await (await rig.request('GET', path)).json()).templates).toBe(3);

    const erased = await rig.request('DELETE', path);
    const certificate = ErasureCertificate.parse(await erased.json());
    expect(erased.status).toBe(200);
    expect(certificate.customerId).toBe(customerId);
    expect(certificate.destroyed.map(({ count }) => count)).toEqual([1, 1, 1, 3, 0, 2]);
    expect(JSON.stringify(certificate)).not.toMatch(/Leaves|card-5/);
    expect(await templates.countOfCustomer(customerId)).toBe(0);
    const days = await rig.request('GET', `/v1/attendance?customerId=${customerId}`);
    expect(await days.json()).toEqual({ items: [], nextCursor: null });
    await expect(keyring.seal(customerId, 'x', Uint8Array.of(1))).rejects.toMatchObject({
      code: 'KEY_DESTROYED',
    });
    await vi.waitFor(() => expect(updatesOf(customerId)).toEqual(['created', 'erased']));

    expect(await (await rig.request('DELETE', path)).json()).toEqual(certificate);
    for (const method of ['GET', 'PATCH']) {
      const gone = await rig.request(method, path, method === 'PATCH' ? { json: { displayName: 'x' } } : {});
      expect([method, (await errorOf(gone)).code]).toEqual([method, 'CUSTOMER_NOT_FOUND']);
    }
    const free = await create({ displayName: 'Next', externalId: 'card-5' });
    expect(free.externalId).toBe('card-5');
  });

  it('that never were cannot be read, changed or erased', async () => {
    const path = `/v1/customers/${newId('cus')}`;
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const response = await rig.request(method, path, method === 'PATCH' ? { json: {} } : {});
      expect([method, response.status]).toEqual([method, 404]);
      expect((await errorOf(response)).code).toBe('CUSTOMER_NOT_FOUND');
    }
  });
});
