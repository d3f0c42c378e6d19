import { randomBytes } from 'node:crypto';
import type { RecogniserChange } from '@regulars/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { Keyring } from './keyring.js';
import { RecognisersRepository } from './recognisers-repository.js';
import { TemplatesRepository } from './templates-repository.js';

const minute = (n: number) => `2026-03-01T09:${String(n).padStart(2, '0')}:00.000Z`;
const changeOf = (n: number, kind: RecogniserChange['kind']): RecogniserChange => ({
  changeId: `rch_${String(n).padStart(20, '0')}`,
  kind,
  at: minute(n),
  from: 'old',
  to: 'new',
  uncovered: 0,
});
const CANDIDATE = { serving: null, beside: { model: 'new', role: 'candidate', since: minute(1) } } as const;
const PROMOTED = { serving: 'new', beside: { model: 'old', role: 'former', since: minute(2) } } as const;

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('recognisers in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  it('have a plan that all processes see, and every change is kept', async () => {
    const plans = new RecognisersRepository(under.store);
    expect(await plans.plan()).toEqual({ serving: null, beside: null, revision: 0 });
    await plans.decide(CANDIDATE, 0, changeOf(1, 'candidate'));
    const other = new RecognisersRepository(await under.again());
    expect(await other.plan()).toEqual({ ...CANDIDATE, revision: 1 });
    await other.decide(PROMOTED, 1, changeOf(2, 'promote'));
    expect(await plans.plan()).toEqual({ ...PROMOTED, revision: 2 });
    expect(await plans.changes(10)).toEqual([changeOf(2, 'promote'), changeOf(1, 'candidate')]);
  });

  it('are not changed by two at a time, and what was not decided is not written down', async () => {
    const plans = new RecognisersRepository(under.store);
    await plans.decide(CANDIDATE, 0, changeOf(1, 'candidate'));
    const late = await Promise.allSettled([
      plans.decide({ serving: null, beside: null }, 0, changeOf(2, 'end')),
      plans.decide(PROMOTED, 3, changeOf(3, 'promote')),
    ]);
    const conflict = { status: 'rejected', reason: { code: 'REVISION_CONFLICT' } };
    expect(late).toMatchObject([conflict, conflict]);
    expect(await plans.plan()).toEqual({ ...CANDIDATE, revision: 1 });
    expect(await plans.changes(10)).toEqual([changeOf(1, 'candidate')]);
  });

  it('keep templates apart, say who has any, and know twins', async () => {
    const keyring = new Keyring(under.store, new Uint8Array(randomBytes(32)));
    const templates = new TemplatesRepository(under.store, keyring);
    const ANNA = 'cus_4f2k9s7d1m3q8w6e0h5t';
    const BEN = 'cus_0h5t4f2k9s7d1m3q8w6e';
    const template = (n: number, customerId: string, model: string, length: number, twinOf?: number) => ({
      templateId: `tpl_${String(n).padStart(20, '0')}`,
      customerId,
      model,
      embedding: Float32Array.from({ length }, (_, i) => Math.sin(n + i)),
      quality: null,
      source: 'photograph' as const,
      addedAt: minute(n),
      ...(twinOf === undefined ? {} : { twinOf: `tpl_${String(twinOf).padStart(20, '0')}` }),
    });
    await templates.add(template(1, ANNA, 'old', 128));
    await templates.add(template(2, BEN, 'old', 128));
    await templates.add(template(3, ANNA, 'new', 192, 1));
    expect(await templates.customersOf('old')).toEqual(new Set([ANNA, BEN]));
    expect(await templates.customersOf('new')).toEqual(new Set([ANNA]));
    const [twin] = await templates.ofCustomer(ANNA, 'new');
    expect(twin?.twinOf).toBe(template(1, ANNA, 'old', 1).templateId);
    expect(twin?.embedding).toHaveLength(192);
    expect((await templates.ofCustomer(ANNA, 'old'))[0]).not.toHaveProperty('twinOf');
    expect(await templates.has(template(1, ANNA, 'old', 1).templateId)).toBe(true);
    expect(await templates.removeOfModel('new')).toBe(1);
    expect(await templates.countOfCustomer(ANNA)).toBe(1);
    expect(await templates.has(template(3, ANNA, 'new', 1).templateId)).toBe(false);
  });
});
