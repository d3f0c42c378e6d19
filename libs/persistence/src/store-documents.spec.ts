import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection, CollectionSpec, Document } from './document-store.js';
import { codeOf, startMongoServer, storeKinds, type TestStore } from './testing.js';

interface Thing extends Document {
  readonly n?: number;
  readonly code?: string;
  readonly [field: string]: unknown;
}

const THINGS: CollectionSpec = {
  name: 'things',
  indexes: [
    { name: 'n', fields: ['n'] },
    { name: 'code', fields: ['code'], unique: true },
  ],
};

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('documents in $name', ({ fresh }) => {
  let under: TestStore;
  let things: Collection<Thing>;
  let key = 0;
  const freshId = () => `thing-${key++}`;

  beforeAll(async () => {
    under = await fresh();
    things = under.store.collection<Thing>(THINGS);
  });
  afterAll(() => under.remove());

  it('come back as they were written, bytes too', async () => {
    const _id = freshId();
    const thing = {
      _id,
      text: 'Grüße \u{1f600} "quoted" \\ \0 \u2028',
      numbers: [0, -1, 0.1, 1e300, 2 ** 31, 2 ** 53 - 1, -(2 ** 40)],
      flags: [true, false, null],
      nested: { deep: { list: [[], {}, [{ a: 1 }]] } },
      bytes: Uint8Array.from({ length: 256 }, (_, i) => i),
      inner: [{ bytes: new Uint8Array(0) }],
    };
    await things.put(thing);
    expect(await things.get(_id)).toStrictEqual(thing);
    const again = (await under.again()).collection<Thing>(THINGS);
    expect(await again.get(_id)).toStrictEqual(thing);
  });

  it('are read many at once, those that exist', async () => {
    const ids = Array.from({ length: 700 }, freshId);
    await things.insertAllOnce(ids.map((_id, n) => ({ _id, n })));
    const asked = ['no such', ...ids.slice(1), ids[5] ?? ''];
    const found = await things.getAll(asked);
    expect(new Set(found.map(({ _id }) => _id))).toEqual(new Set(ids.slice(1)));
    expect(await things.getAll([])).toEqual([]);
    await things.deleteWhere({ n: { gte: 0 } });
  });

  it('take one change of many in a bulk, in order with what else is in it', async () => {
    const [a, b, c] = [freshId(), freshId(), freshId()];
    await things.insertAllOnce([a, b, c].map((_id) => ({ _id, x: 1, y: 2 })));
    const change = { unset: ['x'] };
    await things.bulk([
      { kind: 'update', id: a, change },
      { kind: 'update', id: b, change },
      { kind: 'update', id: a, change: { set: { x: 3 } } },
      { kind: 'update', id: b, change: { set: { x: 4 } } },
      { kind: 'update', id: b, change },
      { kind: 'update', id: 'no such', change },
      { kind: 'delete', id: c },
      { kind: 'insertOnce', document: { _id: c, x: 5 } },
      { kind: 'update', id: c, change },
      { kind: 'update', id: c, change },
    ]);
    expect(await things.get(a)).toEqual({ _id: a, x: 3, y: 2 });
    expect(await things.get(b)).toEqual({ _id: b, y: 2 });
    expect(await things.get(c)).toEqual({ _id: c });
  });

  it('lose the same fields by one bulk, whatever else they hold and whether they are there', async () => {
    const ids = Array.from({ length: 600 }, freshId);
    const rest = (n: number) => ({
      n,
      code: `lost-${n}`,
      text: '"Grüße" \u{1f600}',
      deep: { kept: [0.1, 1e300] },
    });
    const bytes = new Uint8Array([0, 255]);
    await things.insertAllOnce(
      ids.map((_id, n) => ({
        ...rest(n),
        _id,
        x: n % 2 === 0 ? n : null,
        bytes,
        deep: { ...rest(n).deep, y: {} },
      })),
    );
    const change = { unset: ['x', 'deep.y', 'n'] };
    await things.bulk(['no such', ...ids].map((id) => ({ kind: 'update', id, change }) as const));
    const { n: _n, ...last } = rest(599);
    expect(await things.get(ids[599] ?? '')).toStrictEqual({ _id: ids[599], ...last, bytes });
    expect(await things.getAll(['no such'])).toEqual([]);
    expect(
      (await things.find({ where: { n: 300 }, limit: 10 })).items.filter(({ code }) => code === 'lost-300'),
    ).toEqual([]);
    expect((await things.find({ where: { code: 'lost-300' }, limit: 2 })).items).toHaveLength(1);
  });

  it('are absent before they are written and after they are deleted', async () => {
    const _id = freshId();
    expect(await things.get(_id)).toBeNull();
    await things.put({ _id });
    expect(await things.get(_id)).toEqual({ _id });
    expect(await things.delete(_id)).toBe(true);
    expect(await things.delete(_id)).toBe(false);
    expect(await things.get(_id)).toBeNull();
  });

  it('are inserted once, by key and by the value of a unique index', async () => {
    const [first, second] = [freshId(), freshId()];
    expect(await things.insertOnce({ _id: first, code: 'once' })).toBe(true);
    expect(await things.insertOnce({ _id: first, code: 'other' })).toBe(false);
    expect(await things.insertOnce({ _id: second, code: 'once' })).toBe(false);
    expect(await things.get(first)).toEqual({ _id: first, code: 'once' });
    expect(await things.get(second)).toBeNull();
  });

  it('may lack the field of a unique index, as many as they are', async () => {
    expect(await things.insertOnce({ _id: freshId() })).toBe(true);
    expect(await things.insertOnce({ _id: freshId() })).toBe(true);
  });

  it('do not take the value of a unique index from each other', async () => {
    const [owner, other] = [freshId(), freshId()];
    await things.put({ _id: owner, code: 'taken' });
    await things.put({ _id: other, n: 1 });
    expect(await codeOf(things.put({ _id: other, code: 'taken' }))).toBe('VALUE_TAKEN');
    expect(await codeOf(things.update(other, { set: { code: 'taken' } }))).toBe('VALUE_TAKEN');
    const made = things.update(freshId(), { set: { code: 'taken' } }, { insert: {} });
    expect(await codeOf(made)).toBe('VALUE_TAKEN');
    expect(await things.get(other)).toEqual({ _id: other, n: 1 });
    await things.update(owner, { unset: ['code'] });
    await things.put({ _id: other, code: 'taken' });
  });

  it('change at once by several operations, and the changed document is given back', async () => {
    const _id = freshId();
    await things.put({ _id, n: 1, gone: 1, list: [1] });
    const change = {
      set: { 'a.b': Uint8Array.of(7) },
      unset: ['gone'],
      inc: { n: 2 },
      min: { first: '2026' },
      max: { 'a.last': 4 },
      push: { list: { x: null } },
      addToSet: { tags: 'new' },
    };
    const after = {
      _id,
      n: 3,
      a: { b: Uint8Array.of(7), last: 4 },
      first: '2026',
      list: [1, { x: null }],
      tags: ['new'],
    };
    expect(await things.update(_id, change)).toEqual(after);
    expect(await things.get(_id)).toEqual(after);
    expect(await things.update(_id, {})).toEqual(after);
  });

  it('change only where the condition holds, and are made only when asked for', async () => {
    const _id = freshId();
    const raise = { inc: { n: 1 } };
    expect(await things.update(_id, raise)).toBeNull();
    expect(await things.update(_id, raise, { where: { n: 0 } })).toBeNull();
    expect(await things.update(_id, raise, { insert: { n: 5, name: 'made' } })).toEqual({
      _id,
      n: 6,
      name: 'made',
    });
    expect(await things.update(_id, raise, { insert: { n: 5 }, where: { n: 5 } })).toBeNull();
    expect(await things.update(_id, raise, { where: { n: { gte: 6, lt: 7 }, name: 'made' } })).toMatchObject({
      n: 7,
    });
    expect(await things.update(_id, raise, { where: { missing: null } })).toMatchObject({ n: 8 });
    expect(await things.update(freshId(), {}, { insert: {} })).toMatchObject({});
  });

  it('do not fulfil a condition by what stands in a list', async () => {
    const _id = freshId();
    await things.put({ _id, list: ['a'], objects: [{ x: 1 }] });
    expect(await things.update(_id, { set: { hit: 1 } }, { where: { list: 'a' } })).toBeNull();
    expect(await things.update(_id, { set: { hit: 1 } }, { where: { 'objects.x': 1 } })).toBeNull();
    expect(await things.update(_id, { set: { hit: 1 } }, { where: { list: { gte: 'a' } } })).toBeNull();
  });

  it('refuse a change that does not fit, and stay as they are', async () => {
    const _id = freshId();
    await things.put({ _id, text: 'x', n: 1 });
    expect(await codeOf(things.update(_id, { inc: { text: 1, n: 1 } }))).toBe('DOCUMENT_INVALID');
    expect(await codeOf(things.update(_id, { push: { n: 1 } }))).toBe('DOCUMENT_INVALID');
    expect(await codeOf(things.update(_id, { set: { 'text.a': 1 } }))).toBe('DOCUMENT_INVALID');
    expect(await codeOf(things.update(_id, { set: { n: 0.5 } }))).toBe('DOCUMENT_INVALID');
    expect(await codeOf(things.put({ _id, n: [1] as never }))).toBe('DOCUMENT_INVALID');
    expect(await things.get(_id)).toEqual({ _id, text: 'x', n: 1 });
  });

  it('take many operations in order, skipping what is there already', async () => {
    const [a, b, c] = [freshId(), freshId(), freshId()];
    await things.put({ _id: a, n: 1, code: 'bulk' });
    await things.bulk([
      { kind: 'insertOnce', document: { _id: a, n: 9 } },
      { kind: 'insertOnce', document: { _id: b, code: 'bulk' } },
      { kind: 'insertOnce', document: { _id: b, n: 2 } },
      { kind: 'update', id: b, change: { inc: { n: 1 } } },
      { kind: 'update', id: c, change: { inc: { n: 1 } }, insert: { n: 10 } },
      { kind: 'update', id: c, change: { max: { top: 3 } }, insert: { other: 1 } },
      { kind: 'update', id: 'nobody', change: { inc: { n: 1 } } },
      { kind: 'replace', document: { _id: a, n: 5 } },
      { kind: 'delete', id: 'nobody' },
      { kind: 'update', id: a, change: {} },
    ]);
    expect(await things.get(a)).toEqual({ _id: a, n: 5 });
    expect(await things.get(b)).toEqual({ _id: b, n: 3 });
    expect(await things.get(c)).toEqual({ _id: c, n: 11, top: 3 });
    await things.bulk([]);
  });

  it('keep what came before an operation that fails, and nothing after it', async () => {
    const [a, b, c] = [freshId(), freshId(), freshId()];
    await things.put({ _id: c, text: 'x' });
    const failing = things.bulk([
      { kind: 'insertOnce', document: { _id: a } },
      { kind: 'update', id: c, change: { inc: { text: 1 } } },
      { kind: 'insertOnce', document: { _id: b } },
    ]);
    expect(await codeOf(failing)).toBe('DOCUMENT_INVALID');
    expect(await things.get(a)).toEqual({ _id: a });
    expect(await things.get(b)).toBeNull();
  });

  it('are written by thousands', async () => {
    const many = under.store.collection<Thing>({ ...THINGS, name: 'many' });
    const documents = Array.from({ length: 600 }, (_, i) => ({ _id: `m${i}`, n: i }));
    await many.bulk(documents.map((document) => ({ kind: 'insertOnce' as const, document })));
    expect(await many.count({})).toBe(600);
    expect(await many.deleteWhere({ n: { lt: 500 } })).toBe(500);
    expect(await many.count({ n: { gte: 0 } })).toBe(100);
    expect(await codeOf(many.deleteWhere({}))).toBe('DOCUMENT_INVALID');
    expect(await codeOf(many.deleteWhere({ n: undefined as never }))).toBe('DOCUMENT_INVALID');
  });
});
