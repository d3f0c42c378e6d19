import { CameraStatus, VisitEnded, VisitMerged, VisitStarted } from '@regulars/contracts';
import { SightingsRepository } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { ADA, at, makeBench, REENTRY_MS, shape, takeAll, withStore, type Pass } from './testing.js';

const change = (
  time: string,
  state: CameraStatus['state'],
  fault: CameraStatus['fault'] = null,
): CameraStatus => ({
  ...CameraStatus.example,
  cameraId: 'till',
  storeId: 'main',
  state,
  since: at(time),
  fault,
});

/** Two minutes longer away than the window. */
const BACK: Pass = { ...ADA, sighting: 'b', from: '09:17', to: '09:20' };
const OUTAGE = [change('08:00', 'live'), change('09:08', 'gone'), change('09:11', 'live')];

const visitsOf = async (bench: ReturnType<typeof makeBench>) =>
  (await bench.counting()).map(({ visitId, startedAt, lastSeenAt }) => [visitId, startedAt, lastSeenAt]);

describe('visits around an outage', () => {
  it('are one where the time without pictures makes the difference, and two where it does not', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      for (const told of OUTAGE) await bench.cameras.take(told);
      await takeAll(bench, ADA, BACK, { ...ADA, sighting: 'c', from: '09:30:01', to: '09:31' });
      expect((await bench.counting()).map(shape)).toMatchObject([
        { startedAt: at('09:00'), lastSeenAt: at('09:20'), sightings: 2 },
        { startedAt: at('09:30:01'), sightings: 1 },
      ]);
      expect(bench.listener.once(VisitMerged.key)).toEqual([]);
    }));

  it('become one when the outage is told late, with the id that they would have had in time', async () => {
    const late = await withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, BACK);
      expect(await visitsOf(bench)).toHaveLength(2);
      // In any order, and more than once.
      for (const told of [OUTAGE[2], OUTAGE[1], OUTAGE[1], OUTAGE[0]])
        await bench.cameras.take(told as CameraStatus);
      expect(bench.listener.once(VisitStarted.key)).toHaveLength(2);
      expect(bench.listener.once(VisitMerged.key)).toHaveLength(1);
      return visitsOf(bench);
    });
    const inTime = await withStore(async (store) => {
      const bench = makeBench(store);
      for (const told of OUTAGE) await bench.cameras.take(told);
      await takeAll(bench, ADA, BACK);
      return visitsOf(bench);
    });
    expect(late).toEqual(inTime);
  });

  it('become two again when it is told late that the camera was there', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await bench.cameras.take(change('09:08', 'gone'));
      await takeAll(bench, ADA, BACK);
      const [[first] = []] = await visitsOf(bench);
      await bench.cameras.take(change('09:09', 'live'));
      expect(await visitsOf(bench)).toEqual([
        [first, at('09:00'), at('09:05')],
        [expect.stringMatching(/^vis_/), at('09:17'), at('09:20')],
      ]);
    }));

  it('are told all the same when the process is killed after the change was kept', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, BACK);
      const [gone, live] = [change('09:08', 'gone'), change('09:11', 'live')];
      await bench.cameras.take(live);
      const killed = makeBench(store, bench.listener);
      const { lastSeenIn } = SightingsRepository.prototype;
      SightingsRepository.prototype.lastSeenIn = () => {
        throw new Error('killed before anybody was settled');
      };
      try {
        await expect(killed.cameras.take(gone)).rejects.toThrow('killed');
      } finally {
        SightingsRepository.prototype.lastSeenIn = lastSeenIn;
      }
      expect(await visitsOf(bench)).toHaveLength(2);
      bench.listener.failures = 1;
      await expect(makeBench(store, bench.listener).cameras.take(gone)).rejects.toThrow(
        'killed before publishing',
      );
      expect(bench.listener.once(VisitMerged.key)).toEqual([]);
      await makeBench(store, bench.listener).cameras.take(gone);
      await makeBench(store, bench.listener).sweep();
      expect(await visitsOf(bench)).toHaveLength(1);
      expect(bench.listener.once(VisitMerged.key)).toHaveLength(1);
    }));

  it('end later while a camera is away, and in bounded time when it is away for hours', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      bench.clock.now = Date.parse(at('09:05'));
      await takeAll(bench, ADA);
      await bench.cameras.take(change('09:05', 'gone'));
      bench.clock.now += 1.4 * REENTRY_MS;
      await bench.sweep();
      expect(bench.listener.once(VisitEnded.key)).toEqual([]);
      bench.clock.now += 1;
      await bench.sweep();
      expect(bench.listener.once(VisitEnded.key)).toMatchObject([{ payload: { endedAt: at('09:05') } }]);
    }));

  it('open again when the outage is told after their end, and end once more', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, ADA, { sighting: 's', from: '09:16', to: '09:16' });
      expect(bench.listener.once(VisitEnded.key)).toHaveLength(1);
      for (const told of OUTAGE) await bench.cameras.take(told);
      expect((await bench.counting())[0]?.endedAt).toBeNull();
      await takeAll(bench, BACK, { sighting: 't', from: '09:31', to: '09:31' });
      const [visit] = await bench.counting();
      expect(visit?.endedAt).toBe(at('09:20'));
      const ended = bench.listener.once(VisitEnded.key).map(({ payload }) => payload);
      expect(ended).toMatchObject([
        { visitId: visit?.visitId, endedAt: at('09:05') },
        { endedAt: at('09:16') },
        { visitId: visit?.visitId, endedAt: at('09:20') },
      ]);
    }));

  it('take no account of a camera that was taken down on purpose', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await bench.cameras.take(change('09:08', 'gone', 'removed'));
      await takeAll(bench, ADA, BACK);
      expect(await visitsOf(bench)).toHaveLength(2);
    }));
});
