import { DONE, FaceCaptured, type FrameCaptured, QUEUES } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOfEvent } from '../envelope.js';
import { frame } from '../testing/newest-conformance.js';
import { numbered } from '../testing/outbox-conformance.js';
import { type Recorded, recorded, until } from '../testing/rig.js';
import { MemoryBroker } from './memory-broker.js';
import { MOST_WAITING } from './work-queue.js';

const WORK = 'analytics.events';

describe('MemoryBroker at its bounds', () => {
  let facts: Recorded;
  let broker: MemoryBroker;

  beforeEach(() => {
    facts = recorded();
    broker = new MemoryBroker(facts.telemetry);
  });
  afterEach(() => broker.close(200));

  it('keeps the newest frames of a lane nobody takes, and counts the others by camera', async () => {
    const { maxLength } = QUEUES['recognition.frames'];
    for (let sequence = 1; sequence <= 10; sequence++) broker.publishNewest(frame('entrance', sequence));
    const labels = { camera: 'entrance', where: 'broker' };
    expect(facts.total('regulars_frames_dropped_total', labels)).toBe(10 - maxLength);
    const seen: number[] = [];
    await broker.subscribe('recognition.frames', async ({ payload }) => {
      seen.push((payload as FrameCaptured).sequence);
      return DONE;
    });
    await until(() => seen.length === maxLength);
    expect(seen).toEqual([7, 8, 9, 10]);
  });

  it('counts dropped crops as dropped messages, not as frames', () => {
    const { maxLength } = QUEUES['expression.faces'];
    const rest = { eventId: 'evt_1', producer: 'recognition', body: new Uint8Array(1) } as const;
    const face = messageOfEvent(FaceCaptured, FaceCaptured.example, rest);
    for (let number = 0; number < maxLength + 3; number++) broker.publishNewest(face);
    const labels = { event: FaceCaptured.key, result: 'dropped' };
    expect(facts.total('regulars_messages_published_total', labels)).toBe(3);
    expect(facts.total('regulars_frames_dropped_total')).toBe(0);
  });

  it('refuses events when a work queue is full', async () => {
    const waiting = Array.from({ length: MOST_WAITING }, (_, number) => broker.publish(numbered(number)));
    const refused = broker.publish(numbered(MOST_WAITING));
    await expect(refused).rejects.toMatchObject({ code: 'BROKER_REFUSED', fields: { queue: WORK } });
    await broker.close(200);
    const ends = await Promise.allSettled(waiting);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('gives back what was not handled when it closes, retries included', async () => {
    await broker.subscribe(WORK, async () => ({ kind: 'retry', reason: 'store away' }));
    const published = broker.publish(numbered(1));
    await until(() => facts.total('regulars_messages_handled_total', { outcome: 'retry' }) === 1);
    await broker.close(200);
    await expect(published).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await expect(broker.publish(numbered(2))).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(broker.publishNewest(frame('entrance', 1))).toBe(false);
    expect(broker.fault()).toBe('closed');
  });

  it('takes an event once while it is in the queue, whoever sends it again', async () => {
    const both = [broker.publish(numbered(1)), broker.publish(numbered(1))];
    const seen: string[] = [];
    await broker.subscribe(WORK, async ({ eventId }) => {
      seen.push(eventId);
      return DONE;
    });
    await Promise.all(both);
    expect(seen).toEqual([numbered(1).eventId]);
  });

  it('remembers the newest thousand dead letters', async () => {
    await broker.subscribe(WORK, async () => ({ kind: 'dead', reason: 'never' }));
    for (let number = 0; number < 1_010; number++) await broker.publish(numbered(number));
    const dead = broker.deadLetters();
    expect(dead).toHaveLength(1_000);
    expect(dead.at(-1)?.eventId).toBe(numbered(1_009).eventId);
  });

  it('has no queues of services that run elsewhere', async () => {
    const alone = new MemoryBroker(facts.telemetry, { services: ['capture'] });
    await alone.publish(numbered(1));
    await expect(alone.subscribe(WORK, async () => DONE)).rejects.toMatchObject({ code: 'INTERNAL' });
    await alone.close(100);
  });
});
