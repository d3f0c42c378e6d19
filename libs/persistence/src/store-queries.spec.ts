import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionsOf, fulfils } from './conditions.js';
import type { Collection, CollectionSpec, Document, Query, Where } from './document-store.js';
import { valueAt } from './paths.js';
import { planOf } from './plan.js';
import { codeOf, startMongoServer, storeKinds, type TestStore } from './testing.js';
import { compareValues } from './values.js';

interface Visit extends Document {
  readonly storeId: string;
  readonly at?: string | null;
  readonly seen?: number;
  readonly waits?: string | null;
  readonly visitor?: { readonly isKnown?: boolean };
  readonly note?: string;
}

const VISITS: CollectionSpec = {
  name: 'visits',
  indexes: [
    { name: 'store', fields: ['storeId', 'at'] },
    { name: 'seen', fields: ['seen'] },
    { name: 'known', fields: ['visitor.isKnown', 'at'] },
    { name: 'waits', fields: ['waits', 'at'], sparse: true },
  ],
};

const stores = fc.constantFrom('main', 'b', '\u{1f600}', '\uffff');
const times = fc.option(fc.constantFrom('2026-01', '2026-02', '2026-03', ''), { nil: null });
const visit = fc.record(
  {
    _id: fc.constantFrom(...Array.from({ length: 60 }, (_, i) => `v${i}`)),
    storeId: stores,
    at: times,
    seen: fc.integer({ min: -3, max: 3 }),
    waits: fc.constantFrom('p', 'q', null),
    visitor: fc.record({ isKnown: fc.boolean() }, { requiredKeys: [] }),
    note: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['_id', 'storeId'] },
);

const direction = fc.constantFrom('asc' as const, 'desc' as const);
const bound = fc.record(
  { gte: fc.constantFrom('', '2026-01', '2026-02'), lt: fc.constantFrom('2026-02', '2026-04') },
  { requiredKeys: [] },
);
const filter = fc.option(
  fc.constantFrom<Where>({ note: 'x' }, { note: null }, { 'visitor.isKnown': true }, { seen: { gt: 0 } }),
  {
    nil: undefined,
  },
);
const sortedBy = (field: string) => direction.map((way) => [[field, way]] as const);
const query: fc.Arbitrary<Query> = fc
  .oneof(
    fc.record({
      where: stores.chain((storeId) => bound.map((at) => ({ storeId, at }))),
      sort: sortedBy('at'),
    }),
    fc.record({ where: fc.record({ storeId: stores, at: times }) }),
    fc.record({
      where: fc.record({ seen: fc.record({ gt: fc.integer({ min: -3, max: 3 }) }) }),
      sort: sortedBy('seen'),
    }),
    fc.record({ sort: sortedBy('seen') }),
    fc.record({
      where: fc
        .record({ waits: fc.constantFrom('p', 'q', 'r') })
        .chain((one) => bound.map((at) => ({ ...one, at }))),
      sort: sortedBy('at'),
    }),
    fc.record({ where: fc.record({ waits: fc.constantFrom({ gte: '' }, { gt: 'p' }, { lt: 'q' }) }) }),
    fc.record({ sort: sortedBy('_id') }),
    fc.record({
      where: fc.record({ 'visitor.isKnown': fc.option(fc.boolean(), { nil: null }) }),
      sort: sortedBy('at'),
    }),
    fc.record({
      where: fc.record({ 'visitor.isKnown': fc.constantFrom({ gte: false }, { gt: false }, { lt: true }) }),
    }),
  )
  .chain((wanted) =>
    fc.record({ limit: fc.integer({ min: 1, max: 9 }), filter }).map((rest) => ({ ...wanted, ...rest })),
  );

/** The same, by looking at every document. */
function expected(documents: readonly Visit[], { where, filter: further, sort }: Query): string[] {
  const conditions = conditionsOf(where);
  const { order, direction: way } = planOf(VISITS, conditions, sort);
  const sign = way === 'asc' ? 1 : -1;
  const compare = (a: Visit, b: Visit) => {
    const differing = order
      .map((path) => compareValues(valueAt(a, path), (valueAt(b, path) ?? null) as string))
      .find((by) => by !== 0);
    return sign * (differing ?? 0);
  };
  return documents
    .filter((one) => fulfils(one, [...conditions, ...conditionsOf(further)]))
    .sort(compare)
    .map(({ _id }) => _id);
}

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('queries in $name', ({ name, fresh }) => {
  let under: TestStore;
  let visits: Collection<Visit>;
  beforeAll(async () => {
    under = await fresh();
    visits = under.store.collection<Visit>(VISITS);
  });
  afterAll(() => under.remove());

  it('give page by page what a search of all documents gives', async () => {
    const set = fc.uniqueArray(visit, { selector: ({ _id }) => _id, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(set, fc.array(query, { minLength: 1, maxLength: 4 }), async (documents, queries) => {
        await visits.deleteWhere({ _id: { gte: '' } });
        await visits.bulk(documents.map((document) => ({ kind: 'insertOnce', document })));
        for (const wanted of queries) {
          const found: string[] = [];
          for await (const { _id } of visits.each(wanted)) found.push(_id);
          expect(found).toEqual(expected(documents, wanted));
        }
      }),
      { numRuns: name === 'sqlite' ? 150 : 40 },
    );
  }, 120_000);

  it('say that there is no further page on the last one only', async () => {
    await visits.deleteWhere({ _id: { gte: '' } });
    await visits.bulk(
      ['a', 'b', 'c', 'd'].map((_id) => ({ kind: 'insertOnce', document: { _id, storeId: 'main' } })),
    );
    const first = await visits.find({ limit: 2 });
    expect(first.items.map(({ _id }) => _id)).toEqual(['a', 'b']);
    const second = await visits.find({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ _id }) => _id)).toEqual(['c', 'd']);
    expect(second.nextCursor).toBeNull();
  });

  it('neither skip nor repeat what is there all the time while others come and go', async () => {
    await visits.deleteWhere({ _id: { gte: '' } });
    const stay = Array.from({ length: 9 }, (_, i) => ({ _id: `s${i}`, storeId: 'main', at: `2026-0${i}` }));
    await visits.bulk(stay.map((document) => ({ kind: 'insertOnce', document })));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const sort = [['at', 'desc']] as const;
      const page = await visits.find({
        where: { storeId: 'main' },
        sort,
        limit: 2,
        ...(cursor !== null && { cursor }),
      });
      seen.push(...page.items.map(({ _id }) => _id));
      cursor = page.nextCursor;
      await visits.put({ _id: `new${seen.length}`, storeId: 'main', at: '2026-09' });
      await visits.delete(`new${seen.length - 2}`);
    } while (cursor !== null);
    expect(seen).toEqual(stay.map(({ _id }) => _id).reverse());
  });

  it('of what few documents have are refused for all the others', async () => {
    expect(await codeOf(visits.find({ where: { waits: null }, limit: 1 }))).toBe('QUERY_NOT_INDEXED');
    expect(await codeOf(visits.find({ sort: [['waits', 'asc']], limit: 1 }))).toBe('QUERY_NOT_INDEXED');
  });

  it('are refused without an index, and with a cursor of another query', async () => {
    expect(await codeOf(visits.find({ where: { note: 'x' }, limit: 1 }))).toBe('QUERY_NOT_INDEXED');
    expect(await codeOf(visits.count({ note: 'x' }))).toBe('QUERY_NOT_INDEXED');
    expect(await codeOf(visits.deleteWhere({ note: 'x' }))).toBe('QUERY_NOT_INDEXED');
    expect(await codeOf(visits.find({ limit: 1, cursor: 'eyJ4IjoxfQ' }))).toBe('REQUEST_INVALID');
    expect(await codeOf(visits.find({ limit: 1_001 }))).toBe('DOCUMENT_INVALID');
  });

  it('count by an index', async () => {
    await visits.deleteWhere({ _id: { gte: '' } });
    await visits.bulk(
      [1, 2, 3].map((seen) => ({ kind: 'insertOnce', document: { _id: `c${seen}`, storeId: 'b', seen } })),
    );
    expect(await visits.count({})).toBe(3);
    expect(await visits.count({ seen: { gte: 2 } })).toBe(2);
    expect(await visits.count({ storeId: 'b' })).toBe(3);
    expect(await visits.count({ storeId: 'c' })).toBe(0);
  });
});
