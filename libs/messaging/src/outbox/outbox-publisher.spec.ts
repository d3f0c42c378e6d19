import {
  CamerasChanged,
  DONE,
  FrameCaptured,
  RegularsError,
  SightingStarted,
  TransientError,
} from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../broker.js';
import { MemoryBroker } from '../memory/memory-broker.js';
import { numbered } from '../testing/outbox-conformance.js';
import { type Recorded, recorded, until } from '../testing/rig.js';
import { MemoryOutbox } from './memory-outbox.js';
import { OutboxPublisher } from './outbox-publisher.js';

const WORK = 'analytics.events';

/** A memory broker that can be away. */
class RemoteBroker extends MemoryBroker {
  away = false;

  override async publish(message: Message): Promise<void> {
    if (this.away) throw new TransientError('BROKER_UNAVAILABLE');
    return super.publish(message);
  }

  override publishNewest(message: Message): boolean {
    return !this.away && super.publishNewest(message);
  }
}

/** A memory outbox that can be away. */
class RemoteOutbox extends MemoryOutbox {
  away = false;

  private reach(): void {
    if (this.away) throw new TransientError('STORE_UNAVAILABLE');
  }

  override async keep(message: Message): Promise<void> {
    this.reach();
    return super.keep(message);
  }

  override async oldest(limit: number): Promise<readonly Message[]> {
    this.reach();
    return super.oldest(limit);
  }

  override async forget(eventId: string): Promise<void> {
    this.reach();
    return super.forget(eventId);
  }
}

describe('OutboxPublisher', () => {
  let facts: Recorded;
  let broker: RemoteBroker;
  let outbox: RemoteOutbox;
  let publisher: OutboxPublisher;
  let seen: string[];

  const open = () => new OutboxPublisher(broker, outbox, 'recognition', facts.telemetry);
  const send = (number: number) => {
    const { eventId, payload } = numbered(number);
    return publisher.publish(SightingStarted, payload, { eventId });
  };
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => numbered(from + index).eventId);
  const consume = () =>
    broker.subscribe(WORK, async ({ eventId }) => {
      seen.push(eventId);
      return DONE;
    });
  const isEmpty = async () => (await outbox.size()) === 0;

  beforeEach(() => {
    seen = [];
    facts = recorded();
    broker = new RemoteBroker(facts.telemetry);
    outbox = new RemoteOutbox();
    publisher = open();
  });
  afterEach(async () => {
    await publisher.close(200);
    await broker.close(200);
  });

  it('keeps an event in the outbox until it was handled, and does not make the caller wait for that', async () => {
    await send(1);
    expect(await outbox.oldest(10)).toEqual([numbered(1)]);
    await consume();
    await until(isEmpty);
    expect(seen).toEqual([numbered(1).eventId]);
  });

  it('keeps an event in the outbox while it waits for a further attempt', async () => {
    let attempts = 0;
    await broker.subscribe(WORK, async () => {
      attempts++;
      return attempts === 1 ? { kind: 'retry', reason: 'store away' } : DONE;
    });
    await send(1);
    await until(() => attempts === 1);
    expect(await outbox.size()).toBe(1);
    await until(isEmpty);
    expect(attempts).toBe(2);
  });

  it('sends the events of a broker outage in the order they were published, new ones behind them', async () => {
    await consume();
    broker.away = true;
    for (let number = 0; number < 30; number++) await send(number);
    await until(() => facts.total('regulars_messages_published_total', { result: 'kept' }) >= 30);
    expect(facts.total('regulars_messages_published_total', { result: 'kept' })).toBe(30);
    broker.away = false;
    for (let number = 30; number < 40; number++) await send(number);
    await until(isEmpty);
    expect(seen.slice(0, 40).toSorted()).toEqual(ids(0, 40));
    expect(seen.filter((id) => ids(1, 40).includes(id))).toEqual(ids(1, 40));
  });

  it('sends what an earlier process left', async () => {
    await publisher.close(200);
    for (const number of [3, 1, 2]) await outbox.keep(numbered(number));
    await consume();
    publisher = open();
    await until(isEmpty);
    expect(seen).toEqual([3, 1, 2].map((number) => numbered(number).eventId));
  });

  it('sends straight to the broker while the outbox is away', async () => {
    await consume();
    await until(() => facts.gauges.get('regulars_outbox_events {}') === 0);
    outbox.away = true;
    await send(1);
    expect(seen).toEqual([numbered(1).eventId]);
  });

  it('holds events while both are away, sends them when the broker is back, and in the end says no', async () => {
    await until(() => facts.gauges.get('regulars_outbox_events {}') === 0);
    broker.away = true;
    outbox.away = true;
    const results = await Promise.allSettled(Array.from({ length: 1_001 }, (_, number) => send(number)));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toEqual([{ status: 'rejected', reason: new TransientError('STORE_UNAVAILABLE') }]);
    await consume();
    broker.away = false;
    await until(() => new Set(seen).size === 1_000);
  });

  it('publishes an event again under the same id when told to', async () => {
    await consume();
    await send(1);
    await send(1);
    await until(isEmpty);
    expect(new Set(seen)).toEqual(new Set([numbered(1).eventId]));
  });

  it('refuses a payload that is not as the event says, unknown fields included, and names the fields', async () => {
    const payload = { ...numbered(1).payload, cameraId: 'Not A Camera', name: 'Jane' };
    const error = await publisher.publish(SightingStarted, payload).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RegularsError);
    expect(error).toMatchObject({ code: 'MESSAGE_INVALID' });
    expect(JSON.stringify((error as RegularsError).fields)).not.toContain('Jane');
    expect((error as RegularsError).fields.fields).toEqual([
      'cameraId invalid_format',
      '(whole) unrecognized_keys',
    ]);
    expect(await outbox.size()).toBe(0);
  });

  it('refuses further events when the outbox is full', async () => {
    outbox.size = async () => 100_000;
    await publisher.close(200);
    publisher = open();
    await until(() => facts.gauges.get('regulars_outbox_events {}') === 100_000);
    await expect(send(1)).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
  });

  it('lets a handler with room for one message publish to its own queue', async () => {
    await broker.subscribe(WORK, async ({ eventId }) => {
      seen.push(eventId);
      if (seen.length < 5) await send(seen.length + 1);
      return DONE;
    });
    await send(1);
    await until(isEmpty);
    expect(seen).toEqual(ids(1, 6));
  });

  it('keeps what the broker did not take when it is closed', async () => {
    broker.away = true;
    await send(1);
    await publisher.close(500);
    expect(await outbox.oldest(10)).toEqual([numbered(1)]);
  });

  it('counts frames that were dropped, and says so', () => {
    broker.away = true;
    expect(publisher.publishNewest(FrameCaptured, FrameCaptured.example, new Uint8Array(1))).toBe(false);
    const camera = FrameCaptured.example.cameraId;
    expect(facts.total('regulars_frames_dropped_total', { camera, where: 'broker' })).toBe(1);
  });

  it('publishes 2,000 events that nobody waits for without keeping one', async () => {
    for (let number = 0; number < 2_000; number++) {
      await publisher.publish(CamerasChanged, CamerasChanged.example);
    }
    await until(isEmpty);
    expect(facts.total('regulars_messages_published_total', { result: 'sent' })).toBe(2_000);
  });
});
