import { AlertRaised, SILENT, type ExpressionScored, type MetricLabels } from '@regulars/contracts';
import {
  AlertsRepository,
  CamerasRepository,
  Keyring,
  TillCamerasRepository,
  type DocumentStore,
} from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { Listener, sightingId, slowed, withStore } from '../testing.js';
import { TillWatch } from './till-watch.js';

const START_MS = Date.parse('2026-03-01T09:00:00.000Z');
const RULE = { forMs: 5_000, pauseMs: 60_000 };
const at = (second: number) => new Date(START_MS + second * 1_000).toISOString();

function look(who: string, second: number, change: Partial<ExpressionScored> = {}): ExpressionScored {
  return {
    sightingId: sightingId(who),
    cameraId: 'till',
    storeId: 'main',
    capturedAt: at(second),
    model: 'test',
    outcome: { kind: 'scored', satisfaction: 0.1, class: 'dissatisfied', confidence: 0.9 },
    ...change,
  };
}

async function withTill(work: (store: DocumentStore) => Promise<void>): Promise<void> {
  await withStore(async (store) => {
    const cameras = new CamerasRepository(store, new Keyring(store, new Uint8Array(32)));
    const rest = {
      storeId: 'main',
      source: '0',
      mode: 'members',
      fps: 5,
      maxWidthPx: 640,
      stallMs: 5_000,
    } as const;
    await cameras.add({ ...rest, cameraId: 'till', name: 'Till', tillId: 'till-1' }, at(0));
    await cameras.add({ ...rest, cameraId: 'door', name: 'Door', tillId: null }, at(0));
    await work(store);
  });
}

function watchOver(store: DocumentStore, listener: Listener, counted: MetricLabels[] = []): TillWatch {
  const books = { alerts: new AlertsRepository(store), cameras: new TillCamerasRepository(store) };
  const count = (_: string, labels: MetricLabels = {}) => void counted.push(labels);
  return new TillWatch(books, listener, RULE, { ...SILENT, meter: { ...SILENT.meter, count } });
}

describe('the watch over a till', () => {
  it('tells staff once of somebody who has looked dissatisfied for long enough', () =>
    withTill(async (store) => {
      const listener = new Listener();
      const watch = watchOver(store, listener);
      for (let second = 0; second < 12; second += 1) await watch.take(look('ann', second));
      expect(listener.heard.map(({ key }) => key)).toEqual([AlertRaised.key]);
      expect(listener.heard[0]?.payload).toMatchObject({
        kind: 'dissatisfied-at-till',
        tillId: 'till-1',
        cameraId: 'till',
        sightingId: sightingId('ann'),
        since: at(0),
        raisedAt: at(5),
      });
    }));

  it('says nothing of somebody at the door, nor of a face of which nothing can be said', () =>
    withTill(async (store) => {
      const listener = new Listener();
      const watch = watchOver(store, listener);
      for (let second = 0; second < 12; second += 1) {
        await watch.take(look('ann', second, { cameraId: 'door' }));
        await watch.take(look('bea', second, { outcome: { kind: 'abstained', reason: 'covered' } }));
      }
      expect(listener.heard).toEqual([]);
    }));

  it('holds a second alert of the till back until the pause is over', () =>
    withTill(async (store) => {
      const listener = new Listener();
      const counted: MetricLabels[] = [];
      const watch = watchOver(store, listener, counted);
      for (let second = 0; second < 7; second += 1) await watch.take(look('ann', second));
      for (let second = 20; second < 27; second += 1) await watch.take(look('bea', second));
      expect(listener.once(AlertRaised.key)).toHaveLength(1);
      for (let second = 70; second < 77; second += 1) await watch.take(look('cleo', second));
      expect(listener.once(AlertRaised.key)).toHaveLength(2);
      expect(counted.filter(({ result }) => result === 'held-back').length).toBeGreaterThan(0);
    }));

  it('tells it once whatever comes twice, late, or to two replicas at once', () =>
    withTill(async (store) => {
      const listener = new Listener();
      let turn = 0;
      const slow = slowed(store, () => (turn = (turn * 7 + 3) % 5));
      const replicas = [watchOver(slow, listener), watchOver(slow, listener)];
      const looks = [5, 0, 3, 1, 2, 4, 6].map((second) => look('ann', second));
      await Promise.all(looks.flatMap((one) => replicas.map((watch) => watch.take(one))));
      for (const one of looks) await replicas[0]?.take(one);
      const [alert, ...more] = listener.once(AlertRaised.key);
      expect(more).toEqual([]);
      expect(alert?.payload).toMatchObject({ since: at(0) });
    }));

  it('tells it again, under the same id, where the process died before it was noted', () =>
    withTill(async (store) => {
      const listener = new Listener();
      const watch = watchOver(store, listener);
      for (let second = 0; second < 5; second += 1) await watch.take(look('ann', second));
      listener.failures = 1;
      await expect(watch.take(look('ann', 5))).rejects.toThrow('killed');
      await watch.take(look('ann', 5));
      expect(listener.once(AlertRaised.key)).toHaveLength(1);
    }));

  it('forgets people after an hour', () =>
    withTill(async (store) => {
      const watch = watchOver(store, new Listener());
      await watch.take(look('ann', 0));
      const alerts = new AlertsRepository(store);
      await watch.sweep(at(3_599));
      expect(await alerts.watchOf(sightingId('ann'))).not.toBeNull();
      await watch.sweep(at(3_601));
      expect(await alerts.watchOf(sightingId('ann'))).toBeNull();
    }));
});
