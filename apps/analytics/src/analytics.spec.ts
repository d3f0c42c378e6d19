import { CustomerUpdated, VisitEnded, VisitMerged, VisitStarted } from '@regulars/contracts';
import {
  AttendanceRepository,
  CustomersRepository,
  SightingsRepository,
  type DocumentStore,
} from '@regulars/persistence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSightings, type Visit } from './visits.js';
import { joinEvidence } from './sightings.js';
import {
  at,
  customerId,
  factsOf,
  makeBench,
  REENTRY_MS,
  sightingId,
  withStore,
  type Fact,
  type Pass,
} from './testing.js';

const shape = ({ visitor, startedAt, lastSeenAt, endedAt, sightings, cameraIds }: Visit) => ({
  who: visitor.kind === 'customer' ? visitor.customerId : 'stranger',
  startedAt,
  lastSeenAt,
  endedAt,
  sightings,
  cameraIds,
});

const attendance = async (store: DocumentStore) =>
  (await new AttendanceRepository(store).list({ limit: 100 })).items.map(
    ({ day, customerId: who, firstSeenAt }) => ({
      day,
      who,
      firstSeenAt,
    }),
  );

async function takeAll(bench: ReturnType<typeof makeBench>, ...passes: Pass[]): Promise<void> {
  for (const pass of passes) for (const fact of factsOf(pass)) await bench.take(fact);
}

const ADA: Pass = { sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' };

describe('a visit', () => {
  it('is opened when a customer is recognised, and tells so once however often the events come', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, ADA);
      expect(bench.listener.heard.map(({ key, payload }) => [key, payload])).toEqual([
        [
          VisitStarted.key,
          {
            visitId: expect.stringMatching(/^vis_/) as string,
            storeId: 'main',
            visitor: { kind: 'customer', customerId: customerId('ada') },
            startedAt: at('09:00'),
            cameraId: 'entrance',
          },
        ],
      ]);
      expect((await bench.counting()).map(shape)).toMatchObject([{ lastSeenAt: at('09:05'), sightings: 1 }]);
    }));

  it('is not opened while nobody is decided', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const [started] = factsOf(ADA) as [Fact];
      await bench.take(started);
      expect(await bench.counting()).toEqual([]);
      expect(bench.listener.heard).toEqual([]);
    }));

  it('goes on over cameras and re-entries, and is over when somebody is seen after the window', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, { ...ADA, sighting: 'b', camera: 'till', from: '09:15', to: '09:16' });
      await takeAll(bench, { sighting: 'c', from: '09:30', to: '09:31' });
      const [visit] = await bench.counting();
      expect(visit && shape(visit)).toEqual({
        who: customerId('ada'),
        startedAt: at('09:00'),
        lastSeenAt: at('09:16'),
        endedAt: at('09:16'),
        sightings: 2,
        cameraIds: ['entrance', 'till'],
      });
      const [ended] = bench.listener.once(VisitEnded.key);
      expect(ended?.payload).toMatchObject({ visitId: visit?.visitId, endedAt: at('09:16'), sightings: 2 });
    }));

  it('is over by the clock when nothing more is heard of the store', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      bench.clock.now = Date.parse(at('09:05'));
      await takeAll(bench, ADA);
      bench.clock.now += REENTRY_MS;
      await bench.closing.sweep(bench.clock.now);
      expect(bench.listener.once(VisitEnded.key)).toEqual([]);
      bench.clock.now += 1;
      await bench.closing.sweep(bench.clock.now);
      expect(bench.listener.once(VisitEnded.key)).toMatchObject([{ payload: { endedAt: at('09:05') } }]);
    }));

  it('is over at the last evidence when its sighting never ends, and the next sighting goes on with it', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const orphan = factsOf({ ...ADA, decided: '09:01' }).slice(0, 2);
      for (const fact of orphan) await bench.take(fact);
      await takeAll(bench, { ...ADA, sighting: 'after the crash', from: '09:02', to: '09:06' });
      await takeAll(bench, { sighting: 'later', from: '10:00', to: '10:01' });
      const customers = (await bench.counting()).map(shape).filter(({ who }) => who === customerId('ada'));
      expect(customers).toMatchObject([
        { startedAt: at('09:00'), endedAt: at('09:06'), sightings: 2, lastSeenAt: at('09:06') },
      ]);
    }));

  it('that ended is told anew when a late sighting makes it longer', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, { sighting: 'x', from: '10:00', to: '10:01' });
      await takeAll(bench, { ...ADA, sighting: 'late', from: '09:06', to: '09:08' });
      const ended = bench.listener.once(VisitEnded.key);
      expect(ended.map(({ payload }) => payload.endedAt)).toEqual([at('09:05'), at('09:06'), at('09:08')]);
      expect(new Set(ended.map(({ payload }) => payload.visitId)).size).toBe(1);
      expect(bench.listener.once(VisitStarted.key)).toHaveLength(2);
    }));

  it('of a stranger who turns out to be a customer is merged away and counts once', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const unknown = { ...ADA, customer: undefined };
      for (const fact of factsOf({ ...unknown, decided: '09:01' }).slice(0, 2)) await bench.take(fact);
      const [before] = await bench.counting();
      expect(before && shape(before).who).toBe('stranger');
      await takeAll(bench, { ...ADA, decided: '09:02' });
      const after = await bench.counting();
      expect(after.map(shape)).toMatchObject([{ who: customerId('ada'), sightings: 1 }]);
      expect(bench.listener.once(VisitMerged.key).map(({ payload }) => payload)).toEqual([
        {
          visitId: after[0]?.visitId,
          absorbedVisitId: before?.visitId,
          storeId: 'main',
          mergedAt: at('09:02'),
        },
      ]);
    }));

  it('bridged to another by a late sighting goes on as the earlier one', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, { ...ADA, sighting: 'c', from: '09:20', to: '09:25' });
      const [early, late] = await bench.counting();
      await takeAll(bench, { ...ADA, sighting: 'b', from: '09:10', to: '09:12' });
      const merged = await bench.counting();
      expect(merged.map(({ visitId, sightings }) => [visitId, sightings])).toEqual([[early?.visitId, 3]]);
      expect(bench.listener.once(VisitMerged.key)).toMatchObject([
        { payload: { visitId: early?.visitId, absorbedVisitId: late?.visitId } },
      ]);
    }));

  it('of somebody never decided counts where the camera counts', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const [start, , end] = factsOf(ADA) as [Fact, Fact, Fact];
      const undecided = { ...end.evidence, decision: null, isCountOnly: true };
      await bench.take(start);
      await bench.take({ ...end, evidence: undecided });
      expect((await bench.counting()).map(shape)).toMatchObject([
        { who: 'stranger', startedAt: at('09:00') },
      ]);
    }));
});

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

/** The visits that follow from the facts alone. */
function expected(facts: readonly Fact[]) {
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
      joinSightings(list, REENTRY_MS).map((stay) => ({
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
  it('are the same in any order, with any repetition, all at once over two replicas', async () => {
    await fc.assert(
      fc.asyncProperty(
        recordings.chain((facts) =>
          fc.record({
            facts: fc.constant(facts),
            played: fc
              .array(fc.constantFrom(...facts), { maxLength: 6 })
              .chain((again) =>
                fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length }),
              ),
          }),
        ),
        ({ facts, played }) =>
          withStore(async (store) => {
            const bench = makeBench(store);
            const replica = makeBench(store, bench.listener);
            await Promise.all(played.map((fact, i) => (i % 2 ? bench : replica).take(fact)));
            const visits = await bench.counting();
            expect(visits.map(shape).map(withoutEnd).sort(inOrder)).toEqual(expected(facts));
            const started = bench.listener.once(VisitStarted.key).length;
            const merged = bench.listener.once(VisitMerged.key).length;
            expect(started - merged).toBe(visits.length);
          }),
      ),
      { numRuns: 40 },
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

describe('two replicas on one store', () => {
  it('open one visit for sightings of one person that arrive at both at once', () =>
    withStore(async (store) => {
      const replicas = [makeBench(store), makeBench(store)];
      const passes = Array.from({ length: 12 }, (_, i): Pass => {
        const from = `09:${String(10 + i)}`;
        return { sighting: `s${i}`, customer: 'ada', camera: `c${i % 3}`, from, to: from };
      });
      await Promise.all(
        passes.flatMap((pass, i) => factsOf(pass).map((fact, j) => replicas[(i + j) % 2]?.take(fact))),
      );
      const visits = (await replicas[0]?.counting()) ?? [];
      expect(visits.map(shape)).toMatchObject([
        { who: customerId('ada'), startedAt: at('09:10'), lastSeenAt: at('09:21'), sightings: 12 },
      ]);
    }));
});

describe('a crash between saving and publishing', () => {
  it('loses no event and doubles no visit: the redelivery publishes what is due', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const [started, identified] = factsOf(ADA) as [Fact, Fact];
      await bench.take(started);
      bench.listener.failures = 1;
      await expect(bench.take(identified)).rejects.toThrow('killed before publishing');
      expect(await bench.counting()).toHaveLength(1);
      expect(bench.listener.heard).toEqual([]);
      const next = makeBench(store, bench.listener);
      await next.take(identified);
      await next.take(identified);
      expect(await next.counting()).toHaveLength(1);
      expect(bench.listener.heard.map(({ key }) => key)).toEqual([VisitStarted.key]);
    }));

  it('publishes what a dead process left when no message comes again', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      bench.listener.failures = 1;
      const [, identified] = factsOf(ADA) as [Fact, Fact];
      await expect(bench.take(identified)).rejects.toThrow();
      const next = makeBench(store, bench.listener);
      await next.closing.sweep(next.clock.now);
      expect(bench.listener.heard.map(({ key }) => key)).toEqual([VisitStarted.key]);
      expect(await attendance(store)).toHaveLength(1);
    }));

  it('merges a stranger away even when it died half-way', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      const unknown = { ...ADA, customer: undefined };
      for (const fact of factsOf({ ...unknown, decided: '09:01' }).slice(0, 2)) await bench.take(fact);
      const [, decided] = factsOf({ ...ADA, decided: '09:02' }) as [Fact, Fact];
      bench.listener.failures = 1;
      await expect(bench.take(decided)).rejects.toThrow();
      expect(await bench.counting()).toHaveLength(2);
      await makeBench(store, bench.listener).take(decided);
      expect((await bench.counting()).map(shape)).toMatchObject([{ who: customerId('ada') }]);
      expect(bench.listener.once(VisitMerged.key)).toHaveLength(1);
    }));
});

describe('what follows from visits', () => {
  it('enters attendance once a day, and takes it back when it was somebody else', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, { ...ADA, decided: '09:01' });
      await takeAll(bench, { ...ADA, sighting: 'b', from: '15:00', to: '15:01' });
      const first = { day: '2026-03-01', who: customerId('ada'), firstSeenAt: at('09:00') };
      expect(await attendance(store)).toEqual([first]);
      await takeAll(bench, { ...ADA, customer: 'bob', to: '09:06', decided: '09:02' });
      expect(await attendance(store)).toEqual(
        expect.arrayContaining([
          { ...first, firstSeenAt: at('15:00') },
          { ...first, who: customerId('bob') },
        ]),
      );
    }));

  it('counts the visits of a customer however often events come', () =>
    withStore(async (store) => {
      const customers = new CustomersRepository(store);
      await customers.create(customerId('ada'), { displayName: 'Ada' }, at('08:00'));
      const bench = makeBench(store);
      const passes: Pass[] = [ADA, { ...ADA, sighting: 'b', from: '11:00', to: '11:05' }];
      await takeAll(bench, ...passes, ...passes, { sighting: 'x', from: '12:00', to: '12:01' });
      expect(await customers.get(customerId('ada'))).toMatchObject({ visits: 2, lastVisitAt: at('11:05') });
    }));

  it('leaves the visits of an erased customer to a stranger, and late events bring nobody back', () =>
    withStore(async (store) => {
      const customers = new CustomersRepository(store);
      await customers.create(customerId('ada'), { displayName: 'Ada' }, at('08:00'));
      const bench = makeBench(store);
      await takeAll(bench, ADA, { ...ADA, sighting: 'b', camera: 'till', from: '09:06', to: '09:07' });
      await customers.erase(customerId('ada'), at('10:00'));
      const erased = { ...CustomerUpdated.example, customerId: customerId('ada'), change: 'erased' } as const;
      await bench.analytics.onCustomer({ ...erased, updatedAt: at('10:00') });
      await takeAll(bench, ADA, { ...ADA, sighting: 'late', from: '09:08', to: '09:09' });
      expect((await bench.counting()).map(shape)).toMatchObject([
        { who: 'stranger', startedAt: at('09:00'), lastSeenAt: at('09:07'), sightings: 2 },
        { who: 'stranger', startedAt: at('09:08'), sightings: 1 },
      ]);
      expect(await attendance(store)).toEqual([]);
      const sightings = new SightingsRepository(store);
      expect(JSON.stringify(await sightings.get(sightingId('a')))).not.toContain(customerId('ada'));
      expect(JSON.stringify(await sightings.get(sightingId('late')))).not.toContain(customerId('ada'));
    }));
});
