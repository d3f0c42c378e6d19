import { VisitEnded, VisitMerged, VisitStarted } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import {
  ADA,
  at,
  attendance,
  customerId,
  factsOf,
  makeBench,
  REENTRY_MS,
  shape,
  takeAll,
  withStore,
  type Fact,
} from './testing.js';

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
      await bench.sweep();
      expect(bench.listener.once(VisitEnded.key)).toEqual([]);
      bench.clock.now += 1;
      await bench.sweep();
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
      await next.sweep();
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
