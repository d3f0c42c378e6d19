import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from './conditions.js';
import type { CollectionSpec, Query, Where } from './document-store.js';
import { planOf } from './plan.js';

const VISITS: CollectionSpec = {
  name: 'visits',
  indexes: [
    { name: 'store', fields: ['storeId', 'startedAt'] },
    { name: 'visitor', fields: ['storeId', 'visitorKey', 'startedAt'] },
    { name: 'time', fields: ['startedAt'] },
    { name: 'till', fields: ['receipt'], unique: true },
  ],
};

function plan(where: Where, sort?: Query['sort']) {
  const { index, order, direction } = planOf(VISITS, conditionsOf(where), sort);
  return [index?.name ?? '_id', order.join(), direction].join(' ');
}

function refusal(where: Where, sort?: Query['sort']): unknown {
  try {
    return plan(where, sort);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('which index serves a query', () => {
  it('takes the key for no condition, an equality on it or a range on it', () => {
    expect(plan({})).toBe('_id _id asc');
    expect(plan({}, [['_id', 'desc']])).toBe('_id _id desc');
    expect(plan({ _id: 'x', anything: 1 })).toBe('_id _id asc');
    expect(plan({ _id: { gt: 'x' } })).toBe('_id _id asc');
  });

  it('takes the index whose first fields are equal and whose next field is ranged or sorted by', () => {
    expect(plan({ storeId: 'main', startedAt: { gte: '2026' } })).toBe('store startedAt,_id asc');
    expect(plan({ storeId: 'main' }, [['startedAt', 'desc']])).toBe('store startedAt,_id desc');
    expect(plan({ startedAt: { lt: '2026' } })).toBe('time startedAt,_id asc');
    expect(plan({ visitorKey: 'cus_1', storeId: 'main' })).toBe('visitor startedAt,_id asc');
  });

  it('prefers the index that leaves the fewest fields', () => {
    expect(plan({ storeId: 'main' })).toBe('store startedAt,_id asc');
    expect(plan({ storeId: 'main', startedAt: 'now' })).toBe('store _id asc');
  });

  it('does not care in which order fields are sorted by that are equal anyway', () => {
    const sort = [
      ['storeId', 'asc'],
      ['startedAt', 'desc'],
      ['_id', 'desc'],
    ] as const;
    expect(plan({ storeId: 'main' }, sort)).toBe('store startedAt,_id desc');
  });

  it('takes a unique index for whole, present values only', () => {
    expect(plan({ receipt: 'r1' })).toBe('till _id asc');
    expect(refusal({ receipt: { gte: 'r1' } })).toBe('QUERY_NOT_INDEXED');
    expect(refusal({}, [['receipt', 'asc']])).toBe('QUERY_NOT_INDEXED');
    expect(refusal({ receipt: null })).toBe('QUERY_NOT_INDEXED');
  });

  it.each([
    ['a field without an index', { colour: 'red' }, undefined],
    ['a gap before the equal field', { visitorKey: 'cus_1' }, undefined],
    ['two ranges', { storeId: { gte: 'a' }, startedAt: { gte: '2026' } }, undefined],
    ['a range and a sort by another field', { startedAt: { gte: '2026' } }, [['storeId', 'asc']]],
    ['a sort that stops within the index', { storeId: 'main' }, [['visitorKey', 'asc']]],
    [
      'a sort in two directions',
      {},
      [
        ['startedAt', 'asc'],
        ['_id', 'desc'],
      ],
    ],
  ] as [string, Where, Query['sort']][])('refuses %s', (_, where, sort) => {
    expect(refusal(where, sort)).toBe('QUERY_NOT_INDEXED');
  });

  it('always gives an order that ends in the key and repeats no equal field', () => {
    const field = fc.constantFrom('storeId', 'startedAt', 'visitorKey', 'receipt', '_id', 'colour');
    const where = fc.dictionary(field, fc.oneof(fc.constant('a'), fc.constant({ gte: 'a' })), { maxKeys: 3 });
    const sort = fc.uniqueArray(field, { maxLength: 2 });
    fc.assert(
      fc.property(
        where,
        sort,
        fc.constantFrom('asc' as const, 'desc' as const),
        (conditions, fields, direction) => {
          const order = (() => {
            try {
              return planOf(
                VISITS,
                conditionsOf(conditions),
                fields.map((f) => [f, direction] as const),
              ).order;
            } catch (error) {
              expect(error).toMatchObject({ code: 'QUERY_NOT_INDEXED' });
              return ['_id'];
            }
          })();
          expect(order.at(-1)).toBe('_id');
          expect(new Set(order).size).toBe(order.length);
          const equal = Object.entries(conditions).filter(([, wanted]) => wanted === 'a');
          for (const [path] of equal) if (path !== '_id') expect(order).not.toContain(path);
        },
      ),
    );
  });
});
