import {
  CropView,
  ErasureCertificate,
  ExplainExpression,
  type ExpressionExplanationView,
  FaceCaptured,
  type HeadsView,
  ListHeads,
  RegularsError,
  ServeHead,
  type ServeHeadRequest,
  TrainHead,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { CropsRepository, Keyring, loadOrCreateMasterKey } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, type Rig, startRig } from '../testing/rig.js';

const HEADS: HeadsView = {
  model: 'test',
  serving: null,
  corrections: 3,
  correctionsNeeded: 60,
  obstacle: null,
  heads: [],
};
const OUTCOME = { kind: 'scored', satisfaction: 0.9, class: 'satisfied', confidence: 0.9 } as const;
const EXPLAINED = {
  outcome: OUTCOME,
  classes: [{ name: 'happy', probability: 0.9 }],
  map: { rows: 1, columns: 2, values: [0.5, -0.5] },
};

describe('the API of satisfaction', () => {
  let rig: Rig;
  const pictures: Uint8Array[] = [];
  beforeAll(async () => {
    rig = await startRig();
    // Expression as its contract says.
    await rig.broker.answer('expression.questions', async ({ key, payload, body = new Uint8Array() }) => {
      switch (key) {
        case ExplainExpression.key: {
          pictures.push(body);
          if (body[0] !== 0xff) throw new RegularsError('PICTURE_UNREADABLE', { bytes: body.length });
          const { quality } = FaceCaptured.example;
          const reply: ExpressionExplanationView = {
            model: 'test',
            crop: Buffer.from(body).toString('base64'),
            quality,
            plain: EXPLAINED,
            covered: EXPLAINED,
          };
          return reply;
        }
        case TrainHead.key:
          throw new RegularsError('CORRECTIONS_TOO_FEW', { corrections: 3 });
        case ServeHead.key:
          return { ...HEADS, serving: (payload as ServeHeadRequest).headId };
        case ListHeads.key:
          return HEADS;
        default:
          throw new RangeError(key);
      }
    });
  });
  afterAll(() => rig.close());

  const explain = (bytes: Uint8Array<ArrayBuffer>, token?: string) => {
    const form = new FormData();
    form.append('photographs', new Blob([bytes]), 'face.jpg');
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return rig.request('POST', '/v1/expressions/explanations', { body: form, headers });
  };

  it('explains a score to an owner', async () => {
    const response = await explain(Uint8Array.of(0xff, 0xd8, 1));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ model: 'test', crop: '/9gB', plain: EXPLAINED });
    expect([...(pictures.at(-1) ?? [])]).toEqual([0xff, 0xd8, 1]);
  });

  it('explains nothing to a till', async () => {
    const made = await rig.request('POST', '/v1/tokens', { json: { name: 'till 1', role: 'till' } });
    const { token } = (await made.json()) as { token: string };
    const before = pictures.length;
    expect((await errorOf(await explain(Uint8Array.of(0xff), token))).code).toBe('TOKEN_FORBIDDEN');
    expect((await errorOf(await explain(Uint8Array.of(0xff), 'wrong'))).code).toBe('TOKEN_UNKNOWN');
    expect(pictures.length).toBe(before);
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/v1/expressions/crops', '/v1/expressions/heads']) {
      expect((await rig.request('GET', path, { headers })).status).toBe(403);
    }
  });

  it('says what is wrong with a picture', async () => {
    expect((await errorOf(await explain(Uint8Array.of(1, 2)))).code).toBe('PICTURE_UNREADABLE');
    expect((await errorOf(await explain(new Uint8Array()))).code).toBe('REQUEST_INVALID');
    const empty = await rig.request('POST', '/v1/expressions/explanations', { body: new FormData() });
    expect((await errorOf(empty)).code).toBe('REQUEST_INVALID');
  });

  it('passes on what the expression service says of heads', async () => {
    expect(await (await rig.request('GET', '/v1/expressions/heads')).json()).toEqual(HEADS);
    const headId = newId('hed');
    const served = await rig.request('PUT', '/v1/expressions/heads/serving', { json: { headId } });
    expect(await served.json()).toMatchObject({ serving: headId });
    const trained = await errorOf(await rig.request('POST', '/v1/expressions/heads'));
    expect(trained).toMatchObject({ code: 'CORRECTIONS_TOO_FEW' });
  });

  describe('with a kept crop', () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 7, 7, 7);
    const cropId = newId('crp');
    let customerId: string;
    beforeAll(async () => {
      const made = await rig.request('POST', '/v1/customers', {
        json: { displayName: 'Ann', consent: { textVersion: '1', givenAt: '2026-03-01T00:00:00.000Z' } },
      });
      ({ customerId } = (await made.json()) as { customerId: string });
      const keyring = new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir));
      const { sightingId, cameraId, storeId } = FaceCaptured.example;
      await new CropsRepository(rig.store, keyring).keep({
        cropId,
        customerId,
        sightingId,
        cameraId,
        storeId,
        capturedAt: new Date(Date.now() - 1_000).toISOString(),
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        model: 'test',
        outcome: OUTCOME,
        jpeg,
      });
    });

    it('lists it, shows it and takes a correction and its withdrawal', async () => {
      const list = (await (await rig.request('GET', '/v1/expressions/crops')).json()) as { items: unknown[] };
      expect(list.items.map((item) => CropView.parse(item))).toMatchObject([{ cropId, correction: null }]);
      const picture = await rig.request('GET', `/v1/expressions/crops/${cropId}/picture.jpg`);
      expect(picture.headers.get('content-type')).toBe('image/jpeg');
      expect(new Uint8Array(await picture.arrayBuffer())).toEqual(jpeg);
      for (const name of ['dissatisfied', null]) {
        const path = `/v1/expressions/crops/${cropId}/correction`;
        const corrected = await rig.request('PUT', path, { json: { class: name } });
        expect(await corrected.json()).toMatchObject({ cropId, correction: name });
      }
    });

    it('erases it with its customer', async () => {
      const erased = await rig.request('DELETE', `/v1/customers/${customerId}`);
      const { destroyed } = ErasureCertificate.parse(await erased.json());
      expect(destroyed).toContainEqual({ what: expect.stringContaining('correction') as string, count: 1 });
      for (const [method, end] of [
        ['GET', '/picture.jpg'],
        ['PUT', '/correction'],
        ['DELETE', ''],
      ] as const) {
        const options = method === 'PUT' ? { json: { class: 'neutral' } } : {};
        const gone = await rig.request(method, `/v1/expressions/crops/${cropId}${end}`, options);
        expect([method, (await errorOf(gone)).code]).toEqual([method, 'CROP_NOT_FOUND']);
      }
    });
  });

  it('says so when the expression service does not answer', async () => {
    const lonely = await startRig();
    try {
      lonely.broker.ask = async () => {
        throw new RegularsError('REPLY_TIMEOUT');
      };
      const response = await lonely.request('GET', '/v1/expressions/heads');
      expect([response.status, (await errorOf(response)).code]).toEqual([503, 'EXPRESSION_UNAVAILABLE']);
    } finally {
      await lonely.close();
    }
  });
});
