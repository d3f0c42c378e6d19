import { DONE, SightingEnded, SightingStarted } from '@regulars/contracts';
import fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryBroker } from '../memory/memory-broker.js';
import { frame } from '../testing/newest-conformance.js';
import { numbered } from '../testing/outbox-conformance.js';
import { findRabbitmq, openRabbitmq } from '../testing/rabbitmq.js';
import { recorded, until } from '../testing/rig.js';
import { diffEvents, diffRecordings } from './diff.js';
import { recordEvents } from './record.js';
import { type RecordedEvent, readRecording } from './recording.js';
import { replayEvents } from './replay.js';

const url = await findRabbitmq(process.env);

let folder: string;
let broker: MemoryBroker;
const file = (name: string) => join(folder, name);

async function eventsOf(name: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of readRecording(file(name))) events.push(event);
  return events;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-recording-'));
  broker = new MemoryBroker();
  await broker.subscribe('analytics.events', async () => DONE);
});
afterEach(async () => {
  await broker.close(1_000);
  await rm(folder, { recursive: true });
});

describe('a recording', () => {
  it('holds what was published, in order, and of pictures only the size', async () => {
    const recording = await recordEvents(broker, file('a'));
    await broker.publish(numbered(1));
    broker.publishNewest(frame('entrance', 7, new Uint8Array(50)));
    await broker.publish(numbered(2));
    await recording.stop();
    const events = await eventsOf('a');
    expect(events.map(({ key, eventId }) => [key, eventId])).toMatchObject([
      ['sighting.started', numbered(1).eventId],
      ['frame.captured', expect.any(String)],
      ['sighting.started', numbered(2).eventId],
    ]);
    expect(events[0]?.payload).toEqual(numbered(1).payload);
    expect(events[1]).toMatchObject({ bodyBytes: 50 });
    expect(events[1]).not.toHaveProperty('body');
    expect(recording).toMatchObject({ messages: 3, leftOut: 0 });
    expect((await readFile(file('a'), 'utf8')).split('\n')[0]).toContain('"version":1');
  });

  it('holds the bytes of pictures when asked to, and they are the same after a replay', async () => {
    const body = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
    const first = await recordEvents(broker, file('a'), { bodies: true });
    broker.publishNewest(frame('entrance', 7, body));
    await first.stop();
    const second = await recordEvents(broker, file('b'), { bodies: true });
    expect(await replayEvents(file('a'), broker)).toEqual({ sent: 1, skipped: 0 });
    await second.stop();
    const [again] = await eventsOf('b');
    expect(again?.body).toEqual(body);
  });

  it('gives the same events when it is replayed, with the same ids', async () => {
    const first = await recordEvents(broker, file('a'));
    for (let number = 0; number < 50; number++) await broker.publish(numbered(number));
    await first.stop();
    const second = await recordEvents(broker, file('b'));
    expect(await replayEvents(file('a'), broker)).toEqual({ sent: 50, skipped: 0 });
    await second.stop();
    expect((await eventsOf('b')).map(({ eventId }) => eventId)).toEqual(
      (await eventsOf('a')).map(({ eventId }) => eventId),
    );
    expect(await diffRecordings(file('a'), file('b'))).toEqual({
      same: 50,
      added: [],
      removed: [],
      changed: [],
    });
  });

  it('keeps its time when it is replayed at its own speed', async () => {
    const lines = [0, 60, 120].map((atMs, number) => {
      const { key, eventId, producer, payload } = numbered(number);
      return JSON.stringify({ atMs, key, eventId, producer, payload });
    });
    const header = JSON.stringify({
      recording: 'regulars',
      version: 1,
      startedAt: '2026-03-01T09:00:00.000Z',
    });
    await writeFile(file('a'), [header, ...lines].join('\n'));
    const timeOf = async (speed: number) => {
      const startedAt = performance.now();
      await replayEvents(file('a'), broker, { speed });
      return performance.now() - startedAt;
    };
    expect(await timeOf(1)).toBeGreaterThanOrEqual(115);
    expect(await timeOf(Infinity)).toBeLessThan(100);
  });

  it('holds what one service sent, when asked for that', async () => {
    const recording = await recordEvents(broker, file('a'), { producers: ['analytics'] });
    await broker.publish({ ...numbered(1), producer: 'recognition' });
    await broker.publish({ ...numbered(2), producer: 'analytics' });
    await recording.stop();
    expect((await eventsOf('a')).map(({ eventId }) => eventId)).toEqual([numbered(2).eventId]);
  });

  it('can be replayed without what one service sent', async () => {
    const recording = await recordEvents(broker, file('a'));
    await broker.publish(numbered(1));
    await broker.publish({ ...numbered(2), producer: 'analytics' });
    await recording.stop();
    const replayed = await replayEvents(file('a'), broker, { producers: ['recognition'] });
    expect(replayed).toEqual({ sent: 1, skipped: 0 });
  });

  it.each([
    ['nothing', '', 1],
    ['another format', '{"hello":1}\n', 1],
    ['a later version', '{"recording":"regulars","version":2}\n', 1],
    ['a line cut short', '{"recording":"regulars","version":1}\n{"atMs":1,"key":"si', 2],
  ])('is refused when it holds %s, naming the line', async (_what, text, line) => {
    await writeFile(file('a'), text);
    await expect(replayEvents(file('a'), broker)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      fields: { line },
    });
  });

  it('is refused when there is no such file', async () => {
    await expect(replayEvents(file('none'), broker)).rejects.toMatchObject({ code: 'RECORDING_INVALID' });
  });

  it.runIf(url !== null)('can be made of what goes through RabbitMQ', async () => {
    const rig = await openRabbitmq(url ?? '', recorded().telemetry);
    const far = await rig.joinAs('recognition');
    const recording = await recordEvents(far, file('a'));
    await rig.broker.publish(numbered(1));
    rig.broker.publishNewest(frame('entrance', 7, new Uint8Array(50)));
    await until(() => recording.messages === 2);
    await recording.stop();
    expect((await eventsOf('a')).map(({ key }) => key).toSorted()).toEqual([
      'frame.captured',
      'sighting.started',
    ]);
    await rig.close();
  });
});

describe('diffEvents', () => {
  const event = (number: number, change: object = {}): RecordedEvent => {
    const { key, eventId, producer, payload } = numbered(number);
    return { atMs: number, key, eventId, producer, payload: { ...payload, ...change } };
  };

  it('finds no difference between events and the same events in another order, with other ids', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(numbers, (list) => {
        const before = list.map((number) => event(number));
        const after = list
          .toReversed()
          .map((number) => ({ ...event(number), eventId: 'evt_other', atMs: 9 }));
        expect(diffEvents(before, after)).toEqual({ same: list.length, added: [], removed: [], changed: [] });
      }),
    );
  });

  it('turns added into removed when the two are swapped', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const [a, b] = [left, right].map((list) => list.map((number) => event(number)));
        const there = diffEvents(a ?? [], b ?? []);
        const back = diffEvents(b ?? [], a ?? []);
        expect(there.added.length).toBe(back.removed.length);
        expect(there.added.length - there.removed.length).toBe(right.length - left.length);
      }),
    );
  });

  it('says which events were added, removed and changed, and in which fields', () => {
    const before = [event(1), event(2), event(3)];
    const after = [event(1), event(3, { cameraId: 'till' }), event(4)];
    const { same, added, removed, changed } = diffEvents(before, after);
    expect(same).toBe(1);
    expect(added).toEqual([event(4)]);
    expect(removed).toEqual([event(2)]);
    expect(changed).toEqual([
      { before: event(3), after: event(3, { cameraId: 'till' }), fields: ['cameraId'] },
    ]);
  });

  it('looks into nested fields, and away from those it is told to ignore', () => {
    const ended = (votes: number): RecordedEvent => ({
      ...event(1),
      key: SightingEnded.key,
      payload: { ...SightingEnded.example, identity: { ...SightingEnded.example.identity, votes } },
    });
    expect(diffEvents([ended(4)], [ended(5)]).changed[0]?.fields).toEqual(['identity.votes']);
    expect(diffEvents([ended(4)], [ended(5)], { ignore: ['votes'] }).same).toBe(1);
    expect(diffEvents([ended(4)], [ended(5)], { keys: [SightingStarted.key] }).same).toBe(0);
  });
});
