import { randomBytes } from 'node:crypto';
import { CustomerView, type NewCustomer } from '@regulars/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { AttendanceRepository } from './attendance-repository.js';
import { CustomersRepository } from './customers-repository.js';
import { Keyring } from './keyring.js';
import { TemplatesRepository, type NewTemplate } from './templates-repository.js';

const ANNA = 'cus_4f2k9s7d1m3q8w6e0h5t';
const BEN = 'cus_0h5t4f2k9s7d1m3q8w6e';
const minute = (n: number) => `2026-03-01T09:${String(n).padStart(2, '0')}:00.000Z`;
const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('people in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  describe('customers', () => {
    const anna: NewCustomer = { displayName: 'Anna', externalId: 'card-1' };

    it('are created, shown, changed and listed newest first', async () => {
      const customers = new CustomersRepository(under.store);
      const consent = { textVersion: '2026-01', givenAt: minute(0) };
      const created = await customers.create(ANNA, { ...anna, consent }, minute(1));
      expect(created).toEqual({
        customerId: ANNA,
        displayName: 'Anna',
        externalId: 'card-1',
        consent: { ...consent, until: null },
        createdAt: minute(1),
        isStaff: false,
        lastVisitAt: null,
        visits: 0,
        revision: 1,
      });
      const { revision, ...view } = created;
      expect(CustomerView.parse({ ...view, templates: 0 })).toMatchObject({ customerId: ANNA });
      await customers.create(BEN, { displayName: 'Ben' }, minute(2));
      expect((await customers.list({ limit: 9 })).items.map(({ customerId }) => customerId)).toEqual([
        BEN,
        ANNA,
      ]);
      const changed = await customers.change(ANNA, { displayName: 'Anna B.' }, revision);
      expect(changed).toEqual({ ...created, displayName: 'Anna B.', revision: 2 });
      expect(await customers.get(ANNA)).toEqual(changed);
      expect(await customers.byExternalId('card-1')).toEqual(changed);
      expect(await customers.names([ANNA, BEN, 'cus_00000000000000000000'])).toEqual(
        new Map([
          [ANNA, 'Anna B.'],
          [BEN, 'Ben'],
        ]),
      );
    });

    it('share no external id, and are not changed on an old revision', async () => {
      const customers = new CustomersRepository(under.store);
      await customers.create(ANNA, anna, minute(1));
      expect(await codeOf(customers.create(BEN, anna, minute(2)))).toBe('VALUE_TAKEN');
      await customers.create(BEN, { displayName: 'Ben' }, minute(2));
      expect(await codeOf(customers.change(BEN, { externalId: 'card-1' }))).toBe('VALUE_TAKEN');
      await customers.change(BEN, { displayName: 'Benedict' }, 1);
      expect(await codeOf(customers.change(BEN, { displayName: 'Benjamin' }, 1))).toBe('REVISION_CONFLICT');
      expect(await codeOf(customers.change('cus_00000000000000000000', {}))).toBe('CUSTOMER_NOT_FOUND');
      expect((await customers.get(BEN))?.displayName).toBe('Benedict');
    });

    it('have the figures of their visits, however often these are noted', async () => {
      const customers = new CustomersRepository(under.store);
      await customers.create(ANNA, anna, minute(1));
      for (let i = 0; i < 2; i++) await customers.recordVisits(ANNA, { visits: 3, lastVisitAt: minute(5) });
      await customers.recordVisits(BEN, { visits: 1, lastVisitAt: minute(5) });
      expect(await customers.get(ANNA)).toMatchObject({ visits: 3, lastVisitAt: minute(5) });
      expect(await customers.get(BEN)).toBeNull();
    });

    it('leave only their id when they are erased, and give their external id back', async () => {
      const customers = new CustomersRepository(under.store);
      await customers.create(ANNA, anna, minute(1));
      expect(await customers.erase(ANNA, minute(2))).toBe(true);
      expect(await customers.erase(ANNA, minute(3))).toBe(false);
      expect(await customers.get(ANNA)).toBeNull();
      expect(await customers.isErased(ANNA)).toBe(true);
      expect(await customers.isErased(BEN)).toBe(false);
      expect(await codeOf(customers.change(ANNA, { displayName: 'Anna' }))).toBe('CUSTOMER_NOT_FOUND');
      expect(await customers.count()).toBe(0);
      const left = await under.store.collection({ name: 'customers', indexes: CUSTOMER_INDEXES }).get(ANNA);
      expect(left).toEqual({ _id: ANNA, erasedAt: minute(2) });
      await customers.create(BEN, anna, minute(3));
    });
  });

  it('take a customer back who was just made, and nobody of whom something is known', async () => {
    const customers = new CustomersRepository(under.store);
    await customers.create(ANNA, { displayName: 'Anna', externalId: 'card-1' }, minute(1));
    await customers.create(BEN, { displayName: 'Ben' }, minute(1));
    await customers.change(BEN, { displayName: 'Benjamin' });
    expect(await customers.takeBack(ANNA)).toBe(true);
    expect(await customers.takeBack(BEN)).toBe(false);
    expect(await customers.get(ANNA)).toBeNull();
    expect(await customers.isErased(ANNA)).toBe(false);
    expect((await customers.get(BEN))?.displayName).toBe('Benjamin');
    await customers.create(ANNA, { displayName: 'Anna', externalId: 'card-1' }, minute(2));
  });

  describe('templates', () => {
    const template = (n: number, customerId = ANNA, model = 'resnet'): NewTemplate => ({
      templateId: `tpl_${String(n).padStart(20, '0')}`,
      customerId,
      model,
      embedding: Float32Array.from({ length: 128 }, (_, i) => Math.sin(n * 128 + i)),
      quality: { faceWidthPx: 90, sharpness: 120, yawDegrees: -3, pitchDegrees: 2, brightness: 118 },
      source: 'photograph',
      addedAt: minute(n),
    });
    const embeddingOf = ({ templateId, customerId, model, embedding }: NewTemplate) => ({
      templateId,
      customerId,
      model,
      embedding,
    });

    it('come back to the last bit, by customer and by model', async () => {
      const keyring = new Keyring(under.store, new Uint8Array(randomBytes(32)));
      const templates = new TemplatesRepository(under.store, keyring);
      const all = [template(1), template(2), template(3, BEN), template(4, ANNA, 'other')];
      for (const one of all) expect(await templates.add(one)).toBe(true);
      expect(await templates.add(template(1))).toBe(false);
      expect(await templates.ofCustomer(ANNA, 'resnet')).toEqual([template(1), template(2)].map(embeddingOf));
      const found = [];
      for await (const one of templates.all('resnet')) found.push(one);
      expect(found).toEqual([template(3, BEN), template(1), template(2)].map(embeddingOf));
      expect(await templates.count('resnet')).toBe(3);
      expect(await templates.countOfCustomer(ANNA)).toBe(3);
      expect(await templates.countOfCustomer(ANNA, 'other')).toBe(1);
      expect(await templates.removeOfCustomer(ANNA)).toBe(3);
      expect(await templates.count('resnet')).toBe(1);
    });

    it('are nowhere in the store as they are', async () => {
      const keyring = new Keyring(under.store, new Uint8Array(randomBytes(32)));
      await new TemplatesRepository(under.store, keyring).add(template(1));
      const stored = await under.store
        .collection({ name: 'templates', indexes: TEMPLATE_INDEXES })
        .get(template(1).templateId);
      const bytes = (stored as unknown as { sealedEmbedding: Uint8Array }).sealedEmbedding;
      expect(bytes).toHaveLength(128 * 4 + 29);
      expect(Buffer.from(bytes).includes(Buffer.from(template(1).embedding.buffer).subarray(0, 8))).toBe(
        false,
      );
      expect(Object.keys(stored ?? {}).sort()).toEqual([
        '_id',
        'addedAt',
        'customerId',
        'model',
        'quality',
        'sealedEmbedding',
        'source',
      ]);
    });

    it('of an erased customer are left out and not added', async () => {
      const keyring = new Keyring(under.store, new Uint8Array(randomBytes(32)));
      const templates = new TemplatesRepository(under.store, keyring);
      await templates.add(template(1));
      await templates.add(template(2, BEN));
      await keyring.destroy(ANNA, minute(5));
      const found = [];
      for await (const { templateId } of templates.all('resnet')) found.push(templateId);
      expect(found).toEqual([template(2).templateId]);
      expect(await codeOf(templates.ofCustomer(ANNA, 'resnet'))).toBe('KEY_DESTROYED');
      expect(await codeOf(templates.add(template(3)))).toBe('KEY_DESTROYED');
    });
  });

  describe('attendance', () => {
    it('is one line a day, store and customer with the earliest sight, in any order of arrival', async () => {
      const attendance = new AttendanceRepository(under.store);
      const at = (day: string, customerId: string, n: number) => ({
        day,
        storeId: 'main',
        customerId,
        firstSeenAt: minute(n),
      });
      for (const one of [
        at('2026-03-02', ANNA, 9),
        at('2026-03-01', BEN, 5),
        at('2026-03-01', ANNA, 7),
        at('2026-03-01', ANNA, 3),
        at('2026-03-01', ANNA, 8),
      ])
        await attendance.record(one);
      const first = at('2026-03-01', ANNA, 3);
      const list = await attendance.list({ limit: 2 });
      expect(list.items).toEqual([at('2026-03-02', ANNA, 9), first]);
      const rest = await attendance.list({ limit: 2, cursor: list.nextCursor ?? '' });
      expect(rest).toEqual({ items: [at('2026-03-01', BEN, 5)], nextCursor: null });
      const lines = [];
      for await (const line of attendance.each({ storeId: 'main', to: '2026-03-01' })) lines.push(line);
      expect(lines).toEqual([at('2026-03-01', BEN, 5), first]);
      expect((await attendance.list({ customerId: ANNA, from: '2026-03-02', limit: 5 })).items).toHaveLength(
        1,
      );
      expect((await attendance.list({ storeId: 'other', limit: 5 })).items).toEqual([]);
      expect(await attendance.remove(first)).toBe(true);
      expect(await attendance.removeOfCustomer(ANNA)).toBe(1);
    });
  });
});

const CUSTOMER_INDEXES = [
  { name: 'external_id', fields: ['externalId'], unique: true },
  { name: 'created', fields: ['erasedAt', 'createdAt'] },
  { name: 'staff', fields: ['isStaff'] },
];
const TEMPLATE_INDEXES = [
  { name: 'customer', fields: ['customerId', 'model'] },
  { name: 'model', fields: ['model', 'customerId'] },
];
