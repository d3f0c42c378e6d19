import {
  CustomerView,
  EnrolPhotographs,
  type EnrolPhotographsRequest,
  PersonEnrolment,
  TransientError,
} from '@regulars/contracts';
import { CustomersRepository } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerEnrolments, errorOf, startRig, type Rig } from '../testing/rig.js';

const CONSENT = { textVersion: '2026-01', givenAt: '2026-03-01T09:00:00.000Z' };
const GOOD = new Uint8Array([0xff, 0xd8, 1, 2]);
const BAD = new Uint8Array([1, 2, 3]);

function form(person: unknown, ...photographs: Uint8Array<ArrayBuffer>[]): FormData {
  const data = new FormData();
  if (person !== undefined)
    data.append('person', typeof person === 'string' ? person : JSON.stringify(person));
  for (const bytes of photographs) data.append('photographs', new Blob([bytes]), 'face.jpg');
  return data;
}

describe('people with photographs over HTTP', () => {
  let rig: Rig;
  let customers: CustomersRepository;
  const asked: EnrolPhotographsRequest[] = [];
  beforeAll(async () => {
    rig = await startRig();
    customers = new CustomersRepository(rig.store);
    await answerEnrolments(rig.broker);
    const { ask } = rig.broker;
    rig.broker.ask = ((command, request, body) => {
      if (command.key === EnrolPhotographs.key) asked.push(request as EnrolPhotographsRequest);
      return ask.call(rig.broker, command, request, body);
    }) as typeof ask;
  });
  afterAll(() => rig.close());

  const send = (person: unknown, photographs: Uint8Array<ArrayBuffer>[], query = '') =>
    rig.request('POST', `/v1/enrolments${query}`, { body: form(person, ...photographs) });
  const resultOf = async (response: Response) => PersonEnrolment.parse(await response.json());
  const ada = { externalId: 'card-1', displayName: 'Ada', consent: CONSENT };

  it('are made customers with their consent, once, however often they are sent', async () => {
    const first = await send(ada, [GOOD, BAD]);
    expect(first.status).toBe(201);
    const made = await resultOf(first);
    expect(made).toMatchObject({ outcome: 'enrolled', isNew: true, templates: 1 });
    expect(made.photographs.map(({ kind }) => kind)).toEqual(['accepted', 'refused']);
    const again = await resultOf(await send(ada, [GOOD]));
    expect(again).toMatchObject({ customerId: made.customerId, outcome: 'enrolled', isNew: false });
    const view = await rig.request('GET', `/v1/customers/${made.customerId}`);
    const { consent, externalId } = CustomerView.parse(await view.json());
    expect({ consent, externalId }).toEqual({ consent: { ...CONSENT, until: null }, externalId: 'card-1' });
    expect(asked.at(-1)).toMatchObject({ refuseKnown: true });
  });

  it('leave no customer behind when no photograph was accepted', async () => {
    const response = await send({ ...ada, externalId: 'card-2' }, [BAD, BAD]);
    expect(response.status).toBe(422);
    const { customerId, outcome } = await resultOf(response);
    expect(outcome).toBe('refused');
    expect(await customers.get(customerId)).toBeNull();
    expect(await customers.byExternalId('card-2')).toBeNull();
  });

  it('leave nothing at all behind in a trial', async () => {
    const before = await customers.count();
    const response = await send({ ...ada, externalId: 'card-3' }, [GOOD], '?trial=trial-0001');
    expect(response.status).toBe(200);
    const tried = await resultOf(response);
    expect(tried).toMatchObject({ outcome: 'tried', isNew: true });
    expect(asked.at(-1)).toMatchObject({ trialId: 'trial-0001', customerId: tried.customerId });
    expect(await customers.count()).toBe(before);
    const same = await resultOf(await send({ ...ada, externalId: 'card-3' }, [GOOD], '?trial=trial-0001'));
    expect(same.customerId).toBe(tried.customerId);
  });

  it('may look like somebody who is enrolled only where the sender says so', async () => {
    await send({ ...ada, externalId: 'card-4' }, [GOOD], '?acceptKnown=true');
    expect(asked.at(-1)).toMatchObject({ refuseKnown: false });
  });

  it('are not taken in without a consent that holds, and a consent that came later counts', async () => {
    const { consent: _consent, ...without } = { ...ada, externalId: 'card-5' };
    const ended = { ...without, consent: { ...CONSENT, until: '2026-03-02T00:00:00.000Z' } };
    for (const person of [without, ended]) {
      const response = await send(person, [GOOD]);
      expect([response.status, (await errorOf(response)).code]).toEqual([422, 'CONSENT_MISSING']);
    }
    expect(await customers.byExternalId('card-5')).toBeNull();
    await customers.create('cus_4f2k9s7d1m3q8w6e0h5t', without, '2026-03-01T09:00:00.000Z');
    expect((await send({ ...without, consent: CONSENT }, [GOOD])).status).toBe(201);
    expect((await customers.byExternalId('card-5'))?.consent).toEqual({ ...CONSENT, until: null });
    expect((await send(without, [GOOD])).status).toBe(201);
  });

  it('are not mistaken for somebody else who has the number', async () => {
    const response = await send({ ...ada, displayName: 'Bob' }, [GOOD]);
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({
      code: 'CUSTOMER_EXISTS',
      fields: { field: 'displayName' },
    });
  });

  it.each([
    ['no person', undefined, [GOOD], 'person'],
    ['a person that is no JSON', 'Ada', [GOOD], 'person'],
    ['a person without a number', { displayName: 'Ada' }, [GOOD], 'externalId'],
    ['an unknown field', { ...ada, colour: 'red' }, [GOOD], 'colour'],
    ['a consent without a date', { ...ada, consent: { textVersion: '1' } }, [GOOD], 'consent.givenAt'],
    ['no photograph', ada, [], 'photographs'],
  ])('are refused with the field that is wrong: %s', async (_what, person, photographs, field) => {
    const response = await send(person, photographs);
    const { code, fields } = await errorOf(response);
    expect([response.status, code, Object.keys(fields)]).toEqual([400, 'REQUEST_INVALID', [field]]);
  });
});

describe('people with photographs while recognition is away', () => {
  it('get 503, and the same request finishes what was begun', async () => {
    const rig = await startRig();
    try {
      const customers = new CustomersRepository(rig.store);
      const send = () =>
        rig.request('POST', '/v1/enrolments', {
          body: form({ externalId: 'card-9', displayName: 'Eve', consent: CONSENT }, GOOD),
        });
      const { ask } = rig.broker;
      rig.broker.ask = (() => Promise.reject(new TransientError('REPLY_TIMEOUT'))) as typeof ask;
      const away = await send();
      expect([away.status, (await errorOf(away)).code]).toEqual([503, 'RECOGNITION_UNAVAILABLE']);
      rig.broker.ask = ask;
      await answerEnrolments(rig.broker);
      expect((await send()).status).toBe(201);
      expect(await customers.count()).toBe(1);
    } finally {
      await rig.close();
    }
  });
});
