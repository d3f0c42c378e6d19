import { describe, expect, it } from 'vitest';
import { cameraView, customerId, customerView, visitView } from '../testing/a.js';
import { ApiError } from './api-error.js';
import { createApi } from './client.js';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly init: RequestInit;
}

/** An API whose gateway gives the answers one after the other. */
function apiWith(...answers: (Response | Error)[]) {
  const asked: Asked[] = [];
  const refusals: ApiError[] = [];
  const api = createApi({
    token: 'secret',
    storeId: 'main',
    fetch: (path, init) => {
      asked.push({ method: init.method ?? '', path, init });
      const answer = answers.shift() ?? new Error('nothing more was expected');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    onSignedOut: (error) => refusals.push(error),
  });
  return { api, asked, refusals };
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

const refusal = (code: string, fields = {}) => ({
  error: { code, message: 'What happened.', remedy: 'What to do.', fields, requestId: 'req_1' },
});

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError');
  return error;
}

describe('the API client', () => {
  it('sends the token and reads every page of a list', async () => {
    const { api, asked } = apiWith(
      json({ items: [customerView(1)], nextCursor: 'more/1' }),
      json({ items: [customerView(2)], nextCursor: null }),
    );
    const list = await api.customers();
    expect(list).toEqual({ items: [customerView(1), customerView(2)], isComplete: true });
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/customers?limit=200',
      '/v1/customers?limit=200&cursor=more%2F1',
    ]);
    expect(asked[0]?.init.headers).toMatchObject({ Authorization: 'Bearer secret' });
  });

  it('stops reading an endless list and says that it is not complete', async () => {
    const pages = Array.from({ length: 40 }, () => json({ items: [visitView(1)], nextCursor: 'again' }));
    const { api, asked } = apiWith(...pages);
    expect((await api.openVisits()).isComplete).toBe(false);
    expect(asked).toHaveLength(20);
  });

  it('shows only cameras of its own shop', async () => {
    const other = cameraView('dock', { storeId: 'north' });
    const { api } = apiWith(json({ items: [cameraView('till'), other], nextCursor: null }));
    expect((await api.cameras()).map(({ cameraId }) => cameraId)).toEqual(['till']);
  });

  it('reads answers of a newer gateway and refuses those of another kind', async () => {
    const newer = { items: [{ ...cameraView('till'), zoom: 2 }], nextCursor: null };
    expect(await apiWith(json(newer)).api.cameras()).toEqual([cameraView('till')]);
    const error = await failure(
      apiWith(json({ items: [{ cameraId: 'till' }], nextCursor: null })).api.cameras(),
    );
    expect(error.code).toBe('ANSWER_UNKNOWN');
  });

  it('tells what happened, what to do and which fields, as the gateway says it', async () => {
    const { api } = apiWith(json(refusal('REQUEST_INVALID', { name: 'too long' }), 400));
    const error = await failure(api.addCustomer({ displayName: 'x' }));
    expect(error).toMatchObject({
      code: 'REQUEST_INVALID',
      status: 400,
      message: 'What happened.',
      remedy: 'What to do.',
      fields: { name: 'too long' },
    });
  });

  it('signs out when the token is refused', async () => {
    const { api, refusals } = apiWith(json(refusal('TOKEN_UNKNOWN'), 401));
    expect((await failure(api.cameras())).isSignedOut).toBe(true);
    expect(refusals.map(({ code }) => code)).toEqual(['TOKEN_UNKNOWN']);
  });

  it('says that the gateway cannot be reached, and that a proxy’s page is no answer', async () => {
    expect((await failure(apiWith(new TypeError('Failed to fetch')).api.cameras())).code).toBe('UNREACHABLE');
    const page = new Response('<h1>Bad gateway</h1>', { status: 502 });
    expect(await failure(apiWith(page).api.cameras())).toMatchObject({ code: 'ANSWER_UNKNOWN', status: 502 });
  });

  it('gives the reasons when every photograph was refused', async () => {
    const result = {
      customerId: customerId(1),
      templates: 0,
      photographs: [
        { kind: 'refused', index: 0, code: 'FACE_BLURRED', message: 'm', remedy: 'r', fields: {} },
      ],
    };
    const { api, asked } = apiWith(json(result, 422), json(refusal('CONSENT_MISSING'), 422));
    expect(await api.enrol(customerId(1), [new Blob(['x'])])).toEqual(result);
    expect((asked[0]?.init.body as FormData).getAll('photographs')).toHaveLength(1);
    expect((await failure(api.enrol(customerId(1), [new Blob(['x'])]))).code).toBe('CONSENT_MISSING');
  });
});
