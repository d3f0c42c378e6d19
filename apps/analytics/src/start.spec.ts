import {
  CameraStatus,
  ExpressionScored,
  SightingEnded,
  SightingIdentified,
  SightingStarted,
  SILENT,
  VisitEnded,
  VisitStarted,
  type EventDefinition,
  type PayloadOf,
} from '@regulars/contracts';
import { MemoryBroker, MemoryOutbox, OutboxPublisher, type Message } from '@regulars/messaging';
import { AttendanceRepository, CameraChangesRepository, VisitsRepository } from '@regulars/persistence';
import { parseEnvironment } from '@regulars/runtime';
import { describe, expect, it } from 'vitest';
import { startAnalytics } from './start.js';
import { at, customerId, eventsOf, withStore, type Pass } from './testing.js';

async function withService(
  work: (parts: {
    say: <E extends EventDefinition>(event: E, payload: PayloadOf<E>) => Promise<void>;
    heard: Message[];
    visits: VisitsRepository;
    attendance: AttendanceRepository;
    changes: CameraChangesRepository;
  }) => Promise<void>,
): Promise<void> {
  await withStore(async (store) => {
    const broker = new MemoryBroker();
    const heard: Message[] = [];
    await broker.subscribe('gateway.events', async (message) => {
      heard.push(message);
      return { kind: 'done' };
    });
    const environment = parseEnvironment({ STORE_TIME_ZONE: 'Europe/Berlin' });
    const service = await startAnalytics({ broker, store, telemetry: SILENT, environment });
    const publisher = new OutboxPublisher(broker, new MemoryOutbox(), 'recognition', SILENT);
    expect(await service.faults()).toEqual({});
    await work({
      say: (event, payload) => publisher.publish(event, payload),
      heard,
      visits: new VisitsRepository(store),
      attendance: new AttendanceRepository(store),
      changes: new CameraChangesRepository(store),
    });
    await publisher.close(1_000);
    await service.stop();
    await broker.close(1_000);
  });
}

const ADA: Pass = { sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' };

describe('the analytics service', () => {
  it('hears of sightings over the broker and tells of visits', () =>
    withService(async ({ say, heard, visits, attendance }) => {
      const keys = () => heard.map(({ key }) => key).filter((key) => key.startsWith('visit.'));
      const { started, identified, ended } = eventsOf(ADA);
      await say(SightingStarted, started);
      await say(SightingIdentified, identified);
      await expect.poll(keys).toEqual([VisitStarted.key]);
      for (const [second, satisfaction] of [0.9, 0.7, 0.8].entries()) {
        await say(ExpressionScored, {
          ...ExpressionScored.example,
          sightingId: started.sightingId,
          capturedAt: at(`09:00:0${second}`),
          outcome: { kind: 'scored', satisfaction, class: 'satisfied', confidence: 0.8 },
        });
      }
      await say(SightingEnded, ended);
      const scored = async () => (await visits.list({ limit: 1 })).items[0]?.visit.satisfaction.scoredCrops;
      await expect.poll(scored).toBe(3);
      const later = eventsOf({ sighting: 'b', from: '10:00', to: '10:01' });
      await say(SightingEnded, later.ended);
      await expect.poll(keys).toEqual([VisitStarted.key, VisitStarted.key, VisitEnded.key]);
      const told = heard.find(({ key }) => key === VisitEnded.key)?.payload;
      expect(VisitEnded.schema.parse(told)).toMatchObject({
        visitor: { kind: 'customer', customerId: customerId('ada') },
        startedAt: at('09:00'),
        endedAt: at('09:05'),
        satisfaction: { score: 0.8, class: 'satisfied', scoredCrops: 3 },
      });
      expect((await attendance.list({ limit: 10 })).items).toMatchObject([{ day: '2026-03-01' }]);
    }));

  it('tells the end anew when a score arrives after it', () =>
    withService(async ({ say, heard }) => {
      const ends = () =>
        heard
          .filter(({ key }) => key === VisitEnded.key)
          .map(({ payload }) => VisitEnded.schema.parse(payload).satisfaction.score);
      await say(SightingEnded, eventsOf(ADA).ended);
      await say(SightingEnded, eventsOf({ sighting: 'b', from: '10:00', to: '10:01' }).ended);
      await expect.poll(ends).toEqual([null]);
      await say(ExpressionScored, {
        ...ExpressionScored.example,
        sightingId: eventsOf(ADA).ended.sightingId,
        capturedAt: at('09:04'),
      });
      await expect.poll(ends).toEqual([null, 0.87]);
    }));

  it('keeps when cameras went away and came back', () =>
    withService(async ({ say, changes }) => {
      const status = (since: string, state: CameraStatus['state']) =>
        say(CameraStatus, { ...CameraStatus.example, since: at(since), state, fault: null });
      await status('08:00', 'live');
      await status('09:00', 'gone');
      await status('09:10', 'live');
      const kept = async () =>
        (await changes.upTo('entrance', at('23:00'))).map((change) => [change.state, change.since]);
      await expect.poll(kept).toEqual([
        ['live', at('08:00')],
        ['gone', at('09:00')],
        ['live', at('09:10')],
      ]);
    }));
});
