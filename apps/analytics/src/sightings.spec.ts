import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinEvidence, visitorOf, type Sighting } from './sightings.js';
import { at, customerId, factsOf, sightingId } from './testing.js';

describe('joinEvidence', () => {
  const facts = [
    ...factsOf({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:05', decided: '09:01' }),
    ...factsOf({ sighting: 'a', from: '09:00', to: '09:04', decided: '09:02' }),
    ...factsOf({ sighting: 'a', customer: 'bob', from: '09:00', to: '09:03', decided: '09:03' }),
  ].map(({ evidence }) => evidence);
  const some = fc.array(fc.constantFrom(...facts), { minLength: 1, maxLength: 12 });

  it('gives the same whatever the order and however often facts arrive', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [x, y] = [a.reduce(joinEvidence), b.reduce(joinEvidence)];
        expect(joinEvidence(x, y)).toEqual(joinEvidence(y, x));
        expect(joinEvidence(joinEvidence(x, y), x)).toEqual(joinEvidence(x, y));
        expect([...a, ...b].reduce(joinEvidence)).toEqual(joinEvidence(x, y));
      }),
    );
  });

  it('believes the newest decision, and the final one of two at one instant', () => {
    const [, early] = factsOf({
      sighting: 'a',
      customer: 'ada',
      from: '09:00',
      to: '09:05',
      decided: '09:01',
    });
    const [, late, end] = factsOf({
      sighting: 'a',
      customer: 'bob',
      from: '09:00',
      to: '09:02',
      decided: '09:02',
    });
    const [, same] = factsOf({
      sighting: 'a',
      customer: 'ada',
      from: '09:00',
      to: '09:02',
      decided: '09:02',
    });
    if (!early || !late || !end || !same) throw new Error('three facts each');
    const who = (...list: { evidence: Sighting }[]) =>
      list.map(({ evidence }) => evidence).reduce(joinEvidence).decision?.customerId;
    expect(who(late, early)).toBe(customerId('bob'));
    expect(who(end, same)).toBe(customerId('bob'));
  });

  it('counts who was never decided only where a camera counts, and once they left', () => {
    const [start, , end] = factsOf({ sighting: 'a', from: '09:00', to: '09:05' });
    if (!start || !end) throw new Error('three facts');
    const undecided = { ...end.evidence, decision: null };
    expect(visitorOf(start.evidence)).toBeNull();
    expect(visitorOf(undecided)).toBeNull();
    expect(visitorOf({ ...undecided, isCountOnly: true })).toEqual({
      kind: 'stranger',
      sightingId: sightingId('a'),
    });
  });

  it('never lets a missing decision undo one', () => {
    const [, decided, end] = factsOf({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' });
    if (!decided || !end) throw new Error('three facts');
    const joined = joinEvidence(decided.evidence, { ...end.evidence, decision: null });
    expect(visitorOf(joined)).toEqual({ kind: 'customer', customerId: customerId('ada') });
    expect(joined.lastSeenAt).toBe(at('09:05'));
  });
});
