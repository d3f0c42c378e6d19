import {
  type ChangePseudonymRequest,
  CompareStranger,
  RegularsError,
  StrangerChanged,
  StrangerDetails,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import {
  Keyring,
  loadOrCreateMasterKey,
  PseudonymChangesRepository,
  PseudonymsRepository,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';

const ONE = newId('pse');
const OTHER = newId('pse');
const at = (minute: number) => `2026-03-01T09:${String(minute).padStart(2, '0')}:00.000Z`;

describe('strangers over HTTP', () => {
  let rig: Rig;
  const asked: ChangePseudonymRequest['change'][] = [];
  const sightingId = newId('sgt');

  beforeAll(async () => {
    rig = await startRig();
    const pseudonyms = new PseudonymsRepository(
      rig.store,
      new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir)),
    );
    const pass = { storeId: 'main', cameraId: 'door', model: 'dlib-resnet', distance: null, isTrusted: true };
    const embedding = Float32Array.of(1, 0);
    const expiresAt = '2026-04-01T00:00:00.000Z';
    for (const [pseudonymId, id, minute] of [
      [ONE, sightingId, 0],
      [OTHER, newId('sgt'), 5],
    ] as const) {
      const times = { startedAt: at(minute), endedAt: at(minute + 1), expiresAt };
      await pseudonyms.join(
        { ...pass, ...times, pseudonymId, sightingId: id, embedding, look: pseudonymId },
        'returning',
      );
    }
    // Recognition, as far as the gateway sees it.
    await rig.broker.answer('recognition.enrolment', ({ key, payload }) => {
      if (key === CompareStranger.key) return Promise.resolve({ alike: [] });
      const { change } = payload as ChangePseudonymRequest;
      asked.push(change);
      if (change.kind === 'undo')
        throw new RegularsError('CHANGE_NOT_REVERSIBLE', { changeId: change.changeId });
      const into = change.kind === 'erase' ? null : change.kind === 'split' ? newId('pse') : change.into;
      return Promise.resolve({
        changeId: change.kind === 'erase' ? null : newId('pch'),
        into,
        sightings: 1,
        templates: 0,
      });
    });
  });
  afterAll(() => rig.close());

  it('are listed with a label and never with an embedding, the one seen last first', async () => {
    const body = await (await rig.request('GET', '/v1/strangers')).text();
    expect(JSON.parse(body)).toMatchObject({
      items: [
        { pseudonymId: OTHER, label: OTHER.slice(4, 10), sightings: 1, lastSeenAt: at(6) },
        { pseudonymId: ONE, kind: 'returning' },
      ],
      nextCursor: null,
    });
    expect(body).not.toMatch(/embedding|sealed/i);
    const shown = StrangerDetails.parse(await (await rig.request('GET', `/v1/strangers/${ONE}`)).json());
    expect(shown.passes).toEqual([
      expect.objectContaining({ sightingId, cameraId: 'door', startedAt: at(0) }),
    ]);
    const elsewhere = await rig.request('GET', '/v1/strangers?storeId=branch');
    expect(await elsewhere.json()).toEqual({ items: [], nextCursor: null });
  });

  it('are merged, split and forgotten by recognition', async () => {
    const merged = await rig.request('POST', `/v1/strangers/${ONE}/merge`, { json: { into: OTHER } });
    expect(StrangerChanged.parse(await merged.json())).toMatchObject({ into: OTHER, sightings: 1 });
    await rig.request('POST', `/v1/strangers/${ONE}/split`, { json: { sightingIds: [sightingId] } });
    expect((await rig.request('DELETE', `/v1/strangers/${ONE}`)).status).toBe(200);
    expect(asked).toEqual([
      { kind: 'merge', from: ONE, into: OTHER },
      { kind: 'split', from: ONE, sightingIds: [sightingId] },
      { kind: 'erase', from: ONE },
    ]);
  });

  it('become customers only with consent', async () => {
    const add = async (json: Record<string, unknown>) =>
      ((await (await rig.request('POST', '/v1/customers', { json })).json()) as { customerId: string })
        .customerId;
    const without = await add({ displayName: 'Ann' });
    const refused = await rig.request('POST', `/v1/strangers/${ONE}/promote`, {
      json: { customerId: without },
    });
    expect((await errorOf(refused)).code).toBe('CONSENT_MISSING');
    const consent = { textVersion: '1', givenAt: at(0) };
    const withConsent = await add({ displayName: 'Bea', consent });
    const promoted = await rig.request('POST', `/v1/strangers/${ONE}/promote`, {
      json: { customerId: withConsent },
    });
    expect(promoted.status).toBe(200);
    expect(asked.at(-1)).toEqual({ kind: 'promote', from: ONE, into: withConsent });
  });

  it('are refused with the code that recognition gives, and 404 for nobody', async () => {
    const changeId = newId('pch');
    const undo = await rig.request('POST', `/v1/strangers/changes/${changeId}/undo`);
    expect(undo.status).toBe(409);
    expect((await errorOf(undo)).code).toBe('CHANGE_NOT_REVERSIBLE');
    const nobody = await rig.request('GET', `/v1/strangers/${newId('pse')}`);
    expect((await errorOf(nobody)).code).toBe('STRANGER_NOT_FOUND');
    expect((await rig.request('GET', '/v1/strangers/somebody')).status).toBe(400);
  });

  it('show what was changed', async () => {
    const change = {
      changeId: newId('pch'),
      storeId: 'main',
      kind: 'merge' as const,
      at: at(9),
      from: ONE,
      into: OTHER,
    };
    const kept = { ...change, sightingIds: [sightingId], distance: 0.05, undoneAt: null };
    await new PseudonymChangesRepository(rig.store).keep(kept);
    expect(await (await rig.request('GET', '/v1/strangers/changes')).json()).toEqual({
      items: [kept],
      nextCursor: null,
    });
  });
});
