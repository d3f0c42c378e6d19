import { blindTimes, VisitMerged, VisitStarted, CameraStatus } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinEvidence } from './sightings.js';
import {
  ADA,
  at,
  customerId,
  factsOf,
  makeBench,
  REENTRY_MS,
  shape,
  slowed,
  takeAll,
  withStore,
  type Fact,
  type Pass,
} from './testing.js';
import { joinSightings } from './visits.js';

const people = ['ada', 'bob', undefined] as const;
const recordings = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 0, max: 12 }),
      who: fc.constantFrom(...people),
      at: fc.constantFrom('left', 'right'),
      changesMind: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((list) =>
    list.flatMap(({ start, length, who, at: camera, changesMind }, i): Fact[] => {
      const clock = (minute: number) => new Date(Date.parse(at('09:00')) + minute * 60_000).toISOString();
      const pass = { sighting: `s${i}`, camera, from: clock(start), to: clock(start + length) };
      const facts = factsOf({ ...pass, ...(who && { customer: who }) });
      return changesMind ? [...factsOf(pass).slice(1, 2), ...facts] : facts;
    }),
  );

/** Cameras that go away and come back. */
const changes = fc.array(
  fc
    .record({
      minute: fc.integer({ min: 0, max: 80 }),
      cameraId: fc.constantFrom('left', 'right'),
      state: fc.constantFrom('live' as const, 'gone' as const, 'connecting' as const),
    })
    .map(({ minute, ...change }): CameraStatus => {
      const since = new Date(Date.parse(at('09:00')) + minute * 60_000).toISOString();
      return { ...CameraStatus.example, ...change, storeId: 'main', since, fault: null };
    }),
  { maxLength: 5 },
);

/** The visits that follow from the facts alone. */
function expected(facts: readonly Fact[], told: readonly CameraStatus[]) {
  const blind = blindTimes(told);
  const sightings = new Map<string, Fact['evidence']>();
  for (const { evidence } of facts) {
    const known = sightings.get(evidence.sightingId);
    sightings.set(evidence.sightingId, known ? joinEvidence(known, evidence) : evidence);
  }
  const byVisitor = new Map<string, Fact['evidence'][]>();
  for (const sighting of sightings.values()) {
    const key = sighting.decision?.customerId ?? sighting.sightingId;
    byVisitor.set(key, [...(byVisitor.get(key) ?? []), sighting]);
  }
  return [...byVisitor]
    .flatMap(([key, list]) =>
      joinSightings(list, REENTRY_MS, blind).map((stay) => ({
        who: key.startsWith('cus_') ? key : 'stranger',
        startedAt: stay.startedAt,
        lastSeenAt: stay.lastSeenAt,
        sightings: stay.sightings.length,
        cameraIds: [...new Set(stay.sightings.map(({ cameraId }) => cameraId))],
      })),
    )
    .sort(inOrder);
}

const inOrder = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const withoutEnd = ({ endedAt: _, ...rest }: ReturnType<typeof shape>) => rest;

describe('visits of a recording', () => {
  it('are the same in any order, with any repetition, all at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(recordings, changes).chain(([facts, told]) =>
          fc.record({
            facts: fc.constant(facts),
            told: fc.constant(told),
            played: fc.array(fc.constantFrom(...facts, ...told), { maxLength: 6 }).chain((again) => {
              const all = [...facts, ...told, ...again];
              return fc.shuffledSubarray(all, { minLength: all.length });
            }),
          }),
        ),
        ({ facts, told, played }) =>
          withStore(async (store) => {
            const bench = makeBench(store);
            const replica = makeBench(store, bench.listener);
            await Promise.all(
              played.map((happened, i) => {
                const one = i % 2 ? bench : replica;
                return 'evidence' in happened ? one.take(happened) : one.cameras.take(happened);
              }),
            );
            const visits = await bench.counting();
            expect(visits.map(shape).map(withoutEnd).sort(inOrder)).toEqual(expected(facts, told));
            const started = bench.listener.once(VisitStarted.key).length;
            const merged = bench.listener.once(VisitMerged.key).length;
            expect(started - merged).toBe(visits.length);
          }),
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('have the same names when the recording is played again elsewhere', async () => {
    const passes: Pass[] = [
      ADA,
      { sighting: 'b', from: '09:01', to: '09:02' },
      { ...ADA, sighting: 'c', camera: 'till', from: '09:30', to: '09:31' },
    ];
    const play = () =>
      withStore(async (store) => {
        const bench = makeBench(store);
        await takeAll(bench, ...passes);
        return bench.listener.heard;
      });
    const first = await play();
    expect(first).toHaveLength(5);
    expect(await play()).toEqual(first);
  });
});

describe('replicas on one slow store', () => {
  const pass = (i: number): Pass => {
    const from = `09:${String(10 + i)}`;
    return { sighting: `s${i}`, customer: 'ada', camera: `c${i % 3}`, from, to: from };
  };

  it('open one visit for sightings of one person that arrive at all of them at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.constantFrom(0, 0, 1, 3, 30)), (random) =>
        withStore(async (store) => {
          const turns = () => random.next().value as number;
          const bench = makeBench(slowed(store, turns));
          const others = [1, 2].map(() => makeBench(slowed(store, turns), bench.listener));
          // One fact each: nothing comes later that would set right what went wrong.
          const facts = [0, 1, 2].flatMap((i) => factsOf(pass(i)).slice(2));
          await Promise.all(facts.map((fact, i) => [bench, ...others][i % 3]?.take(fact)));
          expect((await bench.counting()).map(shape)).toMatchObject([
            { who: customerId('ada'), startedAt: at('09:10'), lastSeenAt: at('09:12'), sightings: 3 },
          ]);
          const started = bench.listener.once(VisitStarted.key).length;
          expect(started - bench.listener.once(VisitMerged.key).length).toBe(1);
        }),
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
