import { DONE, FrameCaptured, SightingStarted } from '@regulars/contracts';
import { connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../broker.js';
import { MemoryOutbox } from '../outbox/memory-outbox.js';
import { OutboxPublisher } from '../outbox/outbox-publisher.js';
import { frame } from '../testing/newest-conformance.js';
import { numbered } from '../testing/outbox-conformance.js';
import { type AmqpRig, findRabbitmq, openRabbitmq } from '../testing/rabbitmq.js';
import { type Recorded, recorded, until } from '../testing/rig.js';
import { BLOCKED, TcpProxy, UNBLOCKED } from '../testing/tcp-proxy.js';
import type { AmqpBroker } from './amqp-broker.js';

const url = await findRabbitmq(process.env);
const WORK = 'analytics.events';

describe.runIf(url !== null)('AmqpBroker when RabbitMQ is away for a while', () => {
  let rig: AmqpRig;
  let facts: Recorded;
  let proxy: TcpProxy;
  /** A broker whose network the test can disturb; `rig.broker` is connected directly. */
  let far: AmqpBroker;
  let seen: Delivery[];

  const idsSeen = () => [...new Set(seen.map(({ eventId }) => eventId))];
  const watch = (broker: AmqpRig['broker']) =>
    broker.subscribe(WORK, async (delivery) => {
      seen.push(delivery);
      return DONE;
    });

  beforeEach(async () => {
    seen = [];
    facts = recorded();
    rig = await openRabbitmq(url ?? '', facts.telemetry, { heartbeatSeconds: 1 });
    proxy = await TcpProxy.open(url ?? '');
    far = await rig.joinAs('recognition', proxy.url);
  });
  afterEach(async () => {
    proxy.restore();
    await rig.close();
    await proxy.close();
  });

  it('connects again and goes on consuming, own queues and shared ones', async () => {
    const pictures: string[] = [];
    await watch(far);
    await far.subscribe('gateway.pictures', async ({ payload }) => {
      pictures.push((payload as FrameCaptured).cameraId);
      return DONE;
    });
    proxy.reset();
    await until(() => far.fault() !== null);
    await until(() => far.fault() === null);
    await rig.broker.publish(numbered(1));
    rig.broker.publishNewest(frame('entrance', 1));
    await until(() => seen.length === 1 && pictures.length === 1);
    expect(facts.gauges.get('regulars_broker_connected {"connection":"consume"}')).toBe(1);
  });

  it('says why it is away, and gives up publishing at once', async () => {
    proxy.cut();
    await until(() => far.fault() !== null);
    await expect(far.publish(numbered(1))).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(far.publishNewest(frame('entrance', 1))).toBe(false);
  });

  it('keeps events while it is away and sends them in order once it is back, none lost, none twice', async () => {
    await watch(rig.broker);
    const outbox = new MemoryOutbox();
    const publisher = new OutboxPublisher(far, outbox, 'recognition', facts.telemetry);
    const send = (number: number) => {
      const { eventId, payload } = numbered(number);
      return publisher.publish(SightingStarted, payload, { eventId });
    };
    for (let number = 0; number < 20; number++) await send(number);
    proxy.cut();
    for (let number = 20; number < 60; number++) await send(number);
    await until(() => far.fault() !== null);
    for (let number = 60; number < 80; number++) await send(number);
    expect(await outbox.size()).toBeGreaterThanOrEqual(40);
    proxy.restore();
    await until(() => idsSeen().length === 80);
    await until(async () => (await outbox.size()) === 0);
    for (let number = 80; number < 100; number++) await send(number);
    await until(() => idsSeen().length === 100);
    const wanted = Array.from({ length: 100 }, (_, number) => numbered(number).eventId);
    expect(idsSeen().toSorted()).toEqual(wanted);
    const whileAway = wanted.slice(60, 80);
    expect(idsSeen().filter((id) => whileAway.includes(id))).toEqual(whileAway);
    const sent = { event: SightingStarted.key, result: 'sent' };
    await until(() => facts.total('regulars_messages_published_total', sent) === 100);
    await publisher.close(1_000);
  });

  it('drops frames while it is away, and counts them by camera', async () => {
    const publisher = new OutboxPublisher(far, new MemoryOutbox(), 'capture', facts.telemetry);
    proxy.cut();
    await until(() => far.fault() !== null);
    for (let number = 0; number < 7; number++) {
      const sent = publisher.publishNewest(FrameCaptured, FrameCaptured.example, new Uint8Array(1));
      expect(sent).toBe(false);
    }
    const labels = { camera: FrameCaptured.example.cameraId, where: 'broker' };
    expect(facts.total('regulars_frames_dropped_total', labels)).toBe(7);
    await publisher.close(1_000);
  });

  it('drops frames once the socket takes no more, and notices by itself that the peer is dead', async () => {
    proxy.stall();
    const picture = new Uint8Array(50_000);
    let taken = 0;
    let refused = 0;
    await until(() => {
      for (let number = 0; number < 20; number++) {
        if (far.publishNewest(frame('entrance', number, picture))) taken++;
        else refused++;
      }
      return refused > 100;
    });
    // What the kernel's socket buffers take is the system's affair; beyond them it is sixteen buffers.
    expect(taken).toBeLessThan(400);
    await until(() => far.fault() !== null);
    proxy.reset();
    proxy.restore();
    await until(() => far.fault() === null);
    expect(far.publishNewest(frame('entrance', 1))).toBe(true);
  });

  it('delivers again what was in hand when the connection was lost, as the same attempt', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await far.subscribe(WORK, async (delivery) => {
      seen.push(delivery);
      if (seen.length === 1) await held;
      return DONE;
    });
    await rig.broker.publish(numbered(1));
    await until(() => seen.length === 1);
    proxy.reset();
    await until(() => seen.length === 2);
    release();
    expect(seen.map(({ eventId, attempt }) => [eventId, attempt])).toEqual([
      [numbered(1).eventId, 1],
      [numbered(1).eventId, 1],
    ]);
    await rig.broker.publish(numbered(2));
    await until(() => seen.length === 3);
  });

  it('goes on after its queue was deleted under it', async () => {
    await watch(rig.broker);
    const admin = await connect(url ?? '');
    const channel = await admin.createChannel();
    await channel.deleteQueue(rig.names.queue(WORK));
    await until(() => facts.lines.some(({ message }) => message === 'queue deleted under its consumer'));
    await until(() => rig.broker.fault() === null);
    await rig.broker.publish(numbered(1));
    await until(() => seen.length === 1);
    await admin.close();
  });

  it('does not take an event that no queue would get, declares the queue, and takes it then', async () => {
    const admin = await connect(url ?? '');
    const channel = await admin.createChannel();
    await channel.deleteQueue(rig.names.queue(WORK));
    const refused = await rig.broker.publish(numbered(1)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'BROKER_REFUSED', fields: { reason: 'no queue takes it' } });
    await until(() =>
      rig.broker.publish(numbered(1)).then(
        () => true,
        () => false,
      ),
    );
    await watch(rig.broker);
    await until(() => seen.length === 1);
    await admin.close();
  });

  it('keeps events and drops frames while RabbitMQ blocks publishers, and goes on consuming', async () => {
    const outbox = new MemoryOutbox();
    const publisher = new OutboxPublisher(far, outbox, 'recognition', facts.telemetry);
    await watch(far);
    await until(() => facts.gauges.get('regulars_outbox_events {}') === 0);
    proxy.inject(BLOCKED);
    await until(() => facts.gauges.get('regulars_broker_blocked {}') === 1);
    expect(far.fault()).toBe('blocks publishers: low memory');
    expect(far.publishNewest(frame('entrance', 1))).toBe(false);
    await publisher.publish(SightingStarted, numbered(1).payload);
    await rig.broker.publish(numbered(2));
    await until(() => seen.length === 1);
    expect(await outbox.size()).toBe(1);
    proxy.inject(UNBLOCKED);
    await until(() => far.fault() === null);
    await until(() => seen.length === 2);
    await until(async () => (await outbox.size()) === 0);
    await publisher.close(1_000);
  });

  it('waits for confirms before it closes', async () => {
    const sent = Array.from({ length: 50 }, (_, number) => far.publish(numbered(number)));
    await far.close(5_000);
    await Promise.all(sent);
    await watch(rig.broker);
    await until(() => seen.length === 50);
  });
});
