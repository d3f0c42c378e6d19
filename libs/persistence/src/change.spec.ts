import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySteps, assertIndexable, assertIndexableSteps, inserted, stepsOf } from './change.js';
import type { Change } from './document-store.js';
import { compareValues, toStored } from './values.js';

const changed = (document: object, change: Change) => applySteps(document, stepsOf(change));
const invalid = expect.objectContaining({ code: 'DOCUMENT_INVALID' }) as unknown;
function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a change', () => {
  it('sets, unsets and adds at paths and makes what is missing on the way', () => {
    const before = { _id: 'v', a: { b: 1, c: 2 }, n: 1 };
    const change = { set: { 'a.b': 9, 'x.y.z': [1] }, unset: ['a.c', 'p.q'], inc: { n: 4, 'k.m': -1 } };
    expect(changed(before, change)).toEqual({
      _id: 'v',
      a: { b: 9 },
      n: 5,
      x: { y: { z: [1] } },
      k: { m: -1 },
    });
    expect(before).toEqual({ _id: 'v', a: { b: 1, c: 2 }, n: 1 });
  });

  it('keeps the smaller or larger value, of whatever kinds, as MongoDB orders them', () => {
    expect(changed({ a: 3, b: 's', c: null }, { min: { a: 2, b: 9, c: 1 }, max: { d: 4 } })).toEqual({
      a: 2,
      b: 9,
      c: null,
      d: 4,
    });
    expect(changed({ a: 3, b: true, c: null }, { max: { a: 2, b: 'z', c: 1 } })).toEqual({
      a: 3,
      b: true,
      c: 1,
    });
  });

  it('appends to a list, and to a set only what it lacks', () => {
    const once = changed({ list: [1] }, { push: { list: { x: 1 } }, addToSet: { tags: 'a' } });
    expect(changed(once, { push: { list: 1 }, addToSet: { tags: 'a' } })).toEqual({
      list: [1, { x: 1 }, 1],
      tags: ['a'],
    });
  });

  it.each([
    ['adds to a text', { n: 'x' }, { inc: { n: 1 } }],
    ['adds to null', { n: null }, { inc: { n: 1 } }],
    ['appends to a number', { n: 1 }, { push: { n: 1 } }],
    ['reaches into a number', { n: 1 }, { set: { 'n.m': 1 } }],
    ['reaches into a list', { n: [1] }, { set: { 'n.m': 1 } }],
    ['touches a path twice', {}, { set: { a: 1 }, inc: { a: 1 } }],
    ['touches a path and a part of it', {}, { set: { a: {}, 'a.b': 1 } }],
    ['changes the key', {}, { set: { _id: 'other' } }],
    ['has a path of digits', {}, { set: { 'list.0': 1 } }],
    ['has an operator as path', {}, { set: { $where: 1 } }],
    ['reaches for the prototype', {}, { set: { '__proto__.polluted': 1 } }],
    ['sets what is no value', {}, { set: { a: new Date(0) } }],
    ['sets what is no number', {}, { set: { a: Number.NaN } }],
  ] as [string, object, Change][])('is refused when it %s', (_, document, change) => {
    expect(failure(() => changed(document, change))).toEqual(invalid);
  });

  it('makes a document of the given values and itself', () => {
    const steps = stepsOf({ inc: { n: 2 }, min: { at: 'b' } });
    expect(inserted('v', { n: 1, at: 'a', 'x.y': true }, steps)).toEqual({
      _id: 'v',
      n: 3,
      at: 'a',
      x: { y: true },
    });
  });

  it('is the same when its counters come in any order', () => {
    const increments = fc.array(
      fc.record({ path: fc.constantFrom('a', 'b.c'), by: fc.integer({ max: 99, min: -99 }) }),
    );
    fc.assert(
      fc.property(increments, (steps) => {
        const run = (list: typeof steps) =>
          list.reduce((document, { path, by }) => changed(document, { inc: { [path]: by } }), {});
        expect(run([...steps].reverse())).toEqual(run(steps));
      }),
    );
  });
});

describe('what is stored', () => {
  it('is a copy without undefined fields, with plain bytes and whole characters', () => {
    const bytes = Buffer.from([1, 2]);
    const stored = toStored({ a: undefined, b: [undefined, -0], bytes, text: 'a\ud800b' });
    expect(stored).toStrictEqual({ b: [null, 0], bytes: Uint8Array.of(1, 2), text: 'a\ufffdb' });
    bytes[0] = 9;
    expect((stored as { bytes: Uint8Array }).bytes[0]).toBe(1);
  });

  it.each([
    [{ 'a.b': 1 }],
    [{ $set: 1 }],
    [{ '': 1 }],
    [{ a: 1n }],
    [{ a: () => 1 }],
    [{ a: new Map() }],
    [{ a: Infinity }],
  ])('is never %o', (value) => {
    expect(failure(() => toStored(value))).toEqual(invalid);
  });

  it('is ordered by UTF-8 bytes, which UTF-16 is not', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'z', '\u00e9', '\uffff', '\u{1f600}') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(
          Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
    );
    expect(compareValues('\u{1f600}', '\uffff')).toBeGreaterThan(0);
  });
});

describe('an indexed field', () => {
  const spec = {
    name: 'x',
    indexes: [
      { name: 'n', fields: ['a.n'] },
      { name: 'u', fields: ['u'], unique: true },
    ],
  };

  it.each([[{ a: { n: 1, other: 0.5 } }], [{ a: { n: null } }], [{ a: 5 }], [{}], [{ u: 'x' }]])(
    'may be as in %o',
    (fields) => {
      expect(() => assertIndexable(spec, { _id: 'k', ...fields })).not.toThrow();
    },
  );

  it.each([
    [{ a: { n: 0.5 } }],
    [{ a: { n: [1] } }],
    [{ a: [{ n: 1 }] }],
    [{ a: { n: 'a\0b' } }],
    [{ u: null }],
    [{ _id: '' }],
  ])('is never as in %o', (fields) => {
    expect(failure(() => assertIndexable(spec, { _id: 'k', ...fields }))).toEqual(invalid);
  });

  it.each([
    [{ push: { 'a.n': 1 } }],
    [{ set: { a: { n: 0.5 } } }],
    [{ set: { 'a.n.m': 1 } }],
    [{ inc: { 'a.n': 0.5 } }],
    [{ max: { u: null } }],
  ] as [Change][])('is not changed by %o', (change) => {
    expect(failure(() => assertIndexableSteps(spec, stepsOf(change)))).toEqual(invalid);
  });
});
