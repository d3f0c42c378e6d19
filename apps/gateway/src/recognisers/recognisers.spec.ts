import {
  ChangeRecogniser,
  type ChangeRecogniserRequest,
  CompareRecognisers,
  CustomerView,
  ListRecognisers,
  RecogniserAgreement,
  RecognisersView,
  RegularsError,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import {
  IdentityRepository,
  TemplatesRepository,
  Keyring,
  loadOrCreateMasterKey,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';

const VIEW: RecognisersView = {
  serving: { model: 'dlib-resnet', people: 2, templates: 5 },
  beside: null,
  pending: null,
  known: ['dlib-resnet', 'own-arcface'],
  unusable: [],
  changes: [],
};
const AGREEMENT: RecogniserAgreement = {
  serving: 'dlib-resnet',
  beside: 'own-arcface',
  thresholds: { serving: 0.04, beside: 0.05 },
  people: 2,
  uncovered: 0,
  uncoveredCustomers: [],
  compared: 5,
  same: 5,
  other: 0,
  none: 0,
  gained: 0,
  wrong: { serving: 0, beside: 0 },
  confused: [],
};

describe('recognisers over HTTP', () => {
  let rig: Rig;
  const changes: ChangeRecogniserRequest['change'][] = [];
  const lost = newId('cus');
  beforeAll(async () => {
    rig = await startRig();
    // Recognition as its contract says.
    await rig.broker.answer('recognition.enrolment', async ({ key, payload }) => {
      if (key === ListRecognisers.key) return VIEW;
      if (key === CompareRecognisers.key) return AGREEMENT;
      if (key !== ChangeRecogniser.key) throw new RegularsError('MESSAGE_UNHANDLED', { key });
      const { change } = payload as ChangeRecogniserRequest;
      changes.push(change);
      if (change.kind === 'promote' && !change.without.includes(lost))
        throw new RegularsError('CANDIDATE_INCOMPLETE', {
          model: 'own-arcface',
          count: 1,
          customers: [lost],
        });
      return VIEW;
    });
  });
  afterAll(() => rig.close());

  const send = (method: string, path: string, json?: unknown) =>
    rig.request(method, `/v1/recognisers${path}`, json === undefined ? {} : { json });

  it('are shown and compared', async () => {
    expect(RecognisersView.parse(await (await send('GET', '')).json())).toEqual(VIEW);
    expect(RecogniserAgreement.parse(await (await send('GET', '/agreement')).json())).toEqual(AGREEMENT);
  });

  it('are put beside, promoted, put back and taken away', async () => {
    changes.length = 0;
    const answers = [
      await send('POST', '/candidate', { model: 'own-arcface' }),
      await send('POST', '/promotion', { without: [lost] }),
      await send('POST', '/roll-back'),
      await send('DELETE', '/beside?deleteTemplates=true'),
      await send('DELETE', '/beside'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(changes).toEqual([
      { kind: 'candidate', model: 'own-arcface' },
      { kind: 'promote', without: [lost] },
      { kind: 'roll-back' },
      { kind: 'end', deleteTemplates: true },
      { kind: 'end', deleteTemplates: false },
    ]);
  });

  it('are not promoted at the cost of somebody who is not named', async () => {
    const answer = await send('POST', '/promotion', {});
    expect(answer.status).toBe(409);
    expect(await errorOf(answer)).toMatchObject({
      code: 'CANDIDATE_INCOMPLETE',
      fields: { customers: [lost] },
    });
  });

  it.each([
    ['/candidate', {}, 'model'],
    ['/candidate', { model: 3 }, 'model'],
    ['/promotion', { without: ['Ada'] }, 'without.0'],
    ['/promotion', { force: true }, 'force'],
  ])('are not changed by a wrong request: %s %j', async (path, json, field) => {
    const answer = await send('POST', path, json);
    const { code, fields } = await errorOf(answer);
    expect([answer.status, code, Object.keys(fields)]).toEqual([400, 'REQUEST_INVALID', [field]]);
  });

  it('count templates of a customer for the one that serves', async () => {
    const json = { displayName: 'Ada' };
    const { customerId } = CustomerView.parse(
      await (await rig.request('POST', '/v1/customers', { json })).json(),
    );
    const templates = new TemplatesRepository(
      rig.store,
      new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir)),
    );
    for (const model of ['dlib-resnet', 'own-arcface', 'dlib-resnet'])
      await templates.add({
        ...{ templateId: newId('tpl'), customerId, model, quality: null, source: 'photograph' },
        ...{ embedding: Float32Array.of(1, 0), addedAt: '2026-03-01T09:00:00.000Z' },
      });
    await new IdentityRepository(rig.store).saveState({
      ...{ model: 'dlib-resnet', people: 1, templates: 2, passesPerWeek: 1_000, threshold: 0.05 },
      ...{ limitedBy: 'budget', predictedFpir: 0.001, decidedAt: '2026-03-01T09:00:00.000Z' },
    });
    const shown = await (await rig.request('GET', `/v1/customers/${customerId}`)).json();
    expect(CustomerView.parse(shown).templates).toBe(2);
  });
});

describe('recognisers while recognition is away', () => {
  it('get 503', async () => {
    const rig = await startRig();
    try {
      await rig.broker.close(100);
      const answer = await rig.request('GET', '/v1/recognisers');
      expect([answer.status, (await errorOf(answer)).code]).toEqual([503, 'RECOGNITION_UNAVAILABLE']);
    } finally {
      await rig.close();
    }
  });
});
