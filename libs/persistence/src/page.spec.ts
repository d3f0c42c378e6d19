import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf, fulfils } from './conditions.js';
import { cursorAfter, valuesOfCursor } from './cursor.js';
import type { CollectionSpec } from './document-store.js';
import { partsAfter } from './page.js';
import { planOf, type Plan } from './plan.js';
import { compareValues } from './values.js';

const SPEC: CollectionSpec = { name: 'x', indexes: [{ name: 'ab', fields: ['s', 'a', 'b'] }] };

function planFor(direction: 'asc' | 'desc'): Plan {
  return planOf(SPEC, conditionsOf({ s: 1 }), [
    ['a', direction],
    ['b', direction],
  ]);
}

describe('the parts behind a place', () => {
  it('hold, one after the other, exactly what comes later in the order', () => {
    const value = fc.option(fc.integer({ min: 0, max: 2 }), { nil: null });
    const document = fc.record({ a: value, b: value, _id: fc.constantFrom('p', 'q', 'r') });
    const direction = fc.constantFrom('asc' as const, 'desc' as const);
    fc.assert(
      fc.property(fc.array(document), document, direction, (documents, place, way) => {
        const plan = planFor(way);
        const sign = way === 'asc' ? 1 : -1;
        type Doc = typeof place;
        const compare = (x: Doc, y: Doc) =>
          sign * (compareValues(x.a, y.a) || compareValues(x.b, y.b) || compareValues(x._id, y._id));
        const sorted = [...documents].sort(compare);
        const later = sorted.filter((one) => compare(one, place) > 0);
        const parts = partsAfter(plan, [place.a, place.b, place._id]);
        expect(parts.flatMap((part) => sorted.filter((one) => fulfils(one, part)))).toEqual(later);
      }),
    );
  });
});

describe('a cursor', () => {
  const plan = planFor('asc');
  const where = conditionsOf({ s: 1 });
  const cursor = cursorAfter(SPEC, plan, where, { _id: 'k', a: 1, b: null });
  const refused = (text: string, conditions = where, byPlan = plan) => {
    try {
      return valuesOfCursor(text, SPEC, byPlan, conditions);
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  };

  it('gives the values back to the query that it came from', () => {
    expect(valuesOfCursor(cursor, SPEC, plan, where)).toEqual([1, null, 'k']);
  });

  it('is refused by a query with another order or other equalities', () => {
    expect(refused(cursor, where, planFor('desc'))).toBe('REQUEST_INVALID');
    expect(refused(cursor, conditionsOf({ s: 2 }))).toBe('REQUEST_INVALID');
  });

  it('is refused when anything in it was changed, and so is any other text', () => {
    for (let i = 0; i < cursor.length; i++) {
      const other = cursor[i] === 'A' ? 'B' : 'A';
      const text = cursor.slice(0, i) + other + cursor.slice(i + 1);
      // The last character's spare bits carry nothing.
      if (Buffer.from(text, 'base64url').equals(Buffer.from(cursor, 'base64url'))) continue;
      expect(refused(text)).toBe('REQUEST_INVALID');
    }
    fc.assert(fc.property(fc.string(), (text) => void expect(refused(text)).toBe('REQUEST_INVALID')));
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(refused(Buffer.from(json).toString('base64url'))).toBe('REQUEST_INVALID');
      }),
    );
  });

  it('fits into a request', () => {
    const long = 'x'.repeat(60);
    expect(cursorAfter(SPEC, plan, where, { _id: long, a: long, b: long }).length).toBeLessThan(500);
  });
});
