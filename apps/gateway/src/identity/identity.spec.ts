import { ErrorBody, IdentityBudgetView, IdentityDenied, SightingsReassigned } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { IdentityRepository, SightingsRepository } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../testing/rig.js';

const ADA = idFrom('cus', 'ada');
const BOB = idFrom('cus', 'bob');
const SEEN = idFrom('sgt', 'seen');
const AT = '2026-03-01T09:00:00.000Z';

describe('wrong recognitions over HTTP', () => {
  let rig: Rig;
  let books: IdentityRepository;
  const reassigned: SightingsReassigned[] = [];
  beforeAll(async () => {
    rig = await startRig({ IDENTITY_WRONG_PER_WEEK: '3' });
    books = new IdentityRepository(rig.store);
    await rig.broker.tap(({ key, json }) => {
      if (key === SightingsReassigned.key)
        reassigned.push(SightingsReassigned.schema.parse(JSON.parse(json)));
    });
    const decision = { customerId: ADA, decidedAt: AT, isFinal: true };
    await new SightingsRepository(rig.store).save(
      {
        sighting: {
          sightingId: SEEN,
          storeId: 'main',
          cameraId: 'door',
          startedAt: AT,
          lastSeenAt: AT,
          hasEnded: true,
          isCountOnly: false,
          decision,
          crops: [],
          anonymousAs: null,
        },
        visitorKey: ADA,
        vacated: [],
      },
      null,
    );
  });
  afterAll(() => rig.close());

  const budget = async () =>
    IdentityBudgetView.parse(await (await rig.request('GET', '/v1/identity/budget')).json());
  const deny = (sightingId: string, customerId: string) =>
    rig.request('POST', `/v1/sightings/${sightingId}/not-this-person`, { json: { customerId } });
  const codeOf = async (answer: Response) => ErrorBody.parse(await answer.json()).error.code;

  it('are as many as the environment says until an operator says otherwise', async () => {
    expect(await budget()).toMatchObject({ wrongPerWeek: 3, state: null, predictedWrongPerWeek: null });
    const set = await rig.request('PUT', '/v1/identity/budget', { json: { wrongPerWeek: 0.5 } });
    expect(set.status).toBe(200);
    expect((await budget()).wrongPerWeek).toBe(0.5);
    for (const wrongPerWeek of [0, -1, 1e9, 'many', null]) {
      const answer = await rig.request('PUT', '/v1/identity/budget', { json: { wrongPerWeek } });
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'REQUEST_INVALID']);
    }
    expect((await budget()).wrongPerWeek).toBe(0.5);
  });

  it('show what recognition made of the budget and what was counted', async () => {
    await books.saveState({
      model: 'dlib-resnet',
      people: 100,
      templates: 210,
      passesPerWeek: 2_000,
      threshold: 0.05,
      limitedBy: 'budget',
      predictedFpir: 0.0005,
      decidedAt: AT,
    });
    await books.count(Date.now(), { passes: 200, near: 1, expected: 0.1 });
    expect(await budget()).toMatchObject({
      state: { people: 100, threshold: 0.05, limitedBy: 'budget' },
      predictedWrongPerWeek: 1,
      observed: { passes: 200, near: 1, fpir: 0.005, predictedFpir: 0.0005, denied: 0 },
    });
  });

  it('are told of once: not this person', async () => {
    const first = await deny(SEEN, ADA);
    expect(first.status).toBe(200);
    const denial = IdentityDenied.parse(await first.json());
    expect(denial).toMatchObject({ sightingId: SEEN, customerId: ADA });
    expect(IdentityDenied.parse(await (await deny(SEEN, ADA)).json())).toEqual(denial);
    expect((await budget()).observed.denied).toBe(1);
    expect(reassigned[0]).toEqual({
      storeId: 'main',
      sightingIds: [SEEN],
      visitor: { kind: 'stranger', notCustomerId: ADA },
      reassignedAt: denial.deniedAt,
    });
    expect(await books.denial(SEEN, ADA)).toEqual(denial);
  });

  it('cannot be told of somebody whom nobody saw, or as whom nobody was seen', async () => {
    const unknown = await deny(idFrom('sgt', 'unknown'), ADA);
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'SIGHTING_NOT_FOUND']);
    const other = await deny(SEEN, BOB);
    expect([other.status, await codeOf(other)]).toEqual([409, 'SIGHTING_OF_ANOTHER']);
    const wrong = await deny(SEEN, 'Bob');
    expect(await codeOf(wrong)).toBe('REQUEST_INVALID');
  });
});
