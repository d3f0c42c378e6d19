import type { PseudonymChanged, SightingsReassigned } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, customerId, eventsOf, makeBench, type Pass, sightingId, withStore } from './testing.js';
import { endOf, identificationOf, startOf } from './sightings.js';

const ONE = 'pse_0000000000000000one1';
const OTHER = 'pse_000000000000000other';

type Bench = ReturnType<typeof makeBench>;

/** The facts of a stranger's pass, with the pseudonym by which the stranger was known. */
function factsOf(pass: Pass, pseudonymId: string) {
  const { started, identified, ended } = eventsOf(pass);
  const identity = { kind: 'stranger' as const, votes: 5, model: 'dlib-resnet', pseudonymId };
  return [
    { evidence: startOf(started), happenedAt: started.startedAt },
    { evidence: identificationOf({ ...identified, identity }), happenedAt: identified.identifiedAt },
    { evidence: endOf({ ...ended, identity, mode: 'returning' }), happenedAt: ended.endedAt },
  ];
}

async function take(bench: Bench, pseudonymId: string, ...passes: Pass[]): Promise<void> {
  for (const pass of passes) for (const fact of factsOf(pass, pseudonymId)) await bench.take(fact);
}

const reassigned = (
  sighting: string,
  visitor: SightingsReassigned['visitor'],
  time: string,
): SightingsReassigned => ({
  storeId: 'main',
  sightingIds: [sightingId(sighting)],
  visitor,
  reassignedAt: at(time),
});
const removed = (pseudonymId: string): PseudonymChanged => ({
  pseudonymId,
  storeId: 'main',
  change: 'removed',
  changedAt: at('18:00'),
});
const shape = (visits: Awaited<ReturnType<Bench['counting']>>) =>
  visits.map(({ visitor, startedAt, sightings }) => ({
    who: visitor.kind === 'pseudonym' ? visitor.pseudonymId : visitor.kind,
    from: startedAt.slice(11, 16),
    sightings,
  }));

const MORNING: Pass = { sighting: 'a', from: '09:00', to: '09:02' };
const TILL: Pass = { sighting: 'b', camera: 'till', from: '09:05', to: '09:06' };
const NOON: Pass = { sighting: 'c', from: '12:00', to: '12:05' };

describe('strangers with a pseudonym', () => {
  it('visit as one visitor, over cameras and re-entries, and come again', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await take(bench, ONE, MORNING, TILL, NOON);
      await take(bench, OTHER, { sighting: 'd', from: '09:01', to: '09:02' });
      expect(shape(await bench.counting())).toEqual([
        { who: ONE, from: '09:00', sightings: 2 },
        { who: OTHER, from: '09:01', sightings: 1 },
        { who: ONE, from: '12:00', sightings: 1 },
      ]);
    }));

  it('are one visit in whatever order it is heard of them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...factsOf(MORNING, ONE), ...factsOf(TILL, ONE)], { minLength: 6 }),
        (facts) =>
          withStore(async (store) => {
            const bench = makeBench(store);
            for (const fact of facts) await bench.take(fact);
            expect(shape(await bench.counting())).toEqual([{ who: ONE, from: '09:00', sightings: 2 }]);
          }),
      ),
      { numRuns: 4 },
    ));

  it('change when recognition knows better at the end of the pass; nothing counts twice', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const [started, identified] = factsOf(MORNING, ONE);
      const [, , ended] = factsOf(MORNING, OTHER);
      for (const fact of [started, identified, ended]) if (fact) await bench.take(fact);
      expect(shape(await bench.counting())).toEqual([{ who: OTHER, from: '09:00', sightings: 1 }]);
    }));

  it('are merged, and apart again, as the operator says', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await take(bench, ONE, MORNING);
      await take(bench, OTHER, TILL);
      await bench.analytics.reassign(reassigned('b', { kind: 'pseudonym', pseudonymId: ONE }, '13:00'));
      expect(shape(await bench.counting())).toEqual([{ who: ONE, from: '09:00', sightings: 2 }]);
      await bench.analytics.reassign(reassigned('b', { kind: 'pseudonym', pseudonymId: OTHER }, '13:05'));
      const apart = shape(await bench.counting());
      expect(apart).toEqual([
        { who: ONE, from: '09:00', sightings: 1 },
        { who: OTHER, from: '09:05', sightings: 1 },
      ]);
      await take(bench, OTHER, TILL);
      expect(shape(await bench.counting())).toEqual(apart);
    }));

  it('who become customers bring their visits and their days', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await take(bench, ONE, MORNING);
      const visitor = { kind: 'customer', customerId: customerId('ada') } as const;
      await bench.analytics.reassign(reassigned('a', visitor, '13:00'));
      const [visit] = await bench.counting();
      expect(visit).toMatchObject({ visitor, days: [{ day: '2026-03-01', firstSeenAt: at('09:00') }] });
    }));

  it('who are forgotten leave their visits as those of strangers', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await take(bench, ONE, MORNING, TILL, NOON);
      await bench.analytics.onPseudonym(removed(ONE));
      expect(shape(await bench.counting())).toEqual([
        { who: 'stranger', from: '09:00', sightings: 2 },
        { who: 'stranger', from: '12:00', sightings: 1 },
      ]);
      // A redelivery of what was said before does not bring the pseudonym back.
      await take(bench, ONE, TILL);
      expect(JSON.stringify(await bench.counting())).not.toContain(ONE);
    }));

  it('whose sightings are not known any more leave nothing to move', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await bench.analytics.reassign(reassigned('z', { kind: 'pseudonym', pseudonymId: ONE }, '13:00'));
      expect(await bench.counting()).toEqual([]);
    }));
});
