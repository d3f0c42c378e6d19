import { DONE, SightingStarted } from '@regulars/contracts';
import { type ChannelModel, connect, type Options } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numbered } from '../testing/outbox-conformance.js';
import { type AmqpRig, findRabbitmq, freshNamespace, openRabbitmq } from '../testing/rabbitmq.js';
import { type Recorded, recorded, TEST_QUEUES, until } from '../testing/rig.js';
import { AmqpBroker } from './amqp-broker.js';
import { deleteTopology } from './topology.js';

const url = await findRabbitmq(process.env);
const WORK = 'analytics.events';

describe.runIf(url !== null)('AmqpBroker with what it did not send', () => {
  let rig: AmqpRig;
  let facts: Recorded;
  let admin: ChannelModel;

  beforeEach(async () => {
    facts = recorded();
    rig = await openRabbitmq(url ?? '', facts.telemetry);
    admin = await connect(url ?? '');
    await rig.broker.subscribe(WORK, async () => DONE);
  });
  afterEach(async () => {
    await admin.close();
    await rig.close();
  });

  const good: Options.Publish = { messageId: 'evt_1', appId: 'recognition', type: SightingStarted.key };

  it.each([
    ['no JSON', 'hello', good, 'MESSAGE_INVALID: sighting.started (whole) not JSON'],
    ['no object', '[1, 2]', good, 'MESSAGE_INVALID: sighting.started (whole) invalid_type'],
    [
      'a field missing',
      JSON.stringify({ ...SightingStarted.example, storeId: undefined }),
      good,
      'MESSAGE_INVALID: sighting.started storeId invalid_type',
    ],
    [
      'no id',
      JSON.stringify(SightingStarted.example),
      { ...good, messageId: undefined },
      'MESSAGE_INVALID: sighting.started eventId missing',
    ],
    [
      'an unknown producer',
      JSON.stringify(SightingStarted.example),
      { ...good, appId: 'somebody' },
      'MESSAGE_INVALID: sighting.started producer unknown',
    ],
    ['an unknown key', '{}', { ...good, type: 'sale.invented' }, 'MESSAGE_UNHANDLED: sale.invented'],
  ])('puts a message with %s aside and says why', async (_what, body, options, reason) => {
    const channel = await admin.createChannel();
    channel.sendToQueue(rig.names.queue(WORK), Buffer.from(body), options);
    let dead = await rig.deadLetters(WORK);
    await until(async () => {
      if (dead.length === 0) dead = await rig.deadLetters(WORK);
      return dead.length === 1;
    });
    expect(dead[0]?.reason).toBe(reason);
  });

  it('reads the key from the routing when the sender wrote no type', async () => {
    const seen: string[] = [];
    const namespaceWide = await rig.joinAs('analytics');
    await namespaceWide.tap(({ key }) => seen.push(key));
    const channel = await admin.createChannel();
    const body = Buffer.from(JSON.stringify(SightingStarted.example));
    channel.publish(rig.names.exchange('counts'), SightingStarted.key, body, { ...good, type: undefined });
    await until(() => seen.length === 1);
    expect(seen).toEqual([SightingStarted.key]);
    expect(await rig.deadLetters(WORK)).toEqual([]);
  });

  it('says why it cannot work when a queue exists with other limits, and works once it is gone', async () => {
    const namespace = freshNamespace();
    const channel = await admin.createChannel();
    await channel.assertQueue(`${namespace}.expression.faces`, { durable: true, maxLength: 7 });
    const options = { url: url ?? '', namespace, service: 'gateway', queues: TEST_QUEUES } as const;
    const broker = new AmqpBroker(options, facts.telemetry);
    await until(() => broker.fault()?.includes('PRECONDITION') === true);
    await channel.deleteQueue(`${namespace}.expression.faces`);
    await until(() => broker.fault() === null);
    await broker.publish(numbered(1));
    await broker.close(1_000);
    await deleteTopology(url ?? '', namespace, TEST_QUEUES);
  });

  it('says that it is refused with a wrong password, which it never writes down', async () => {
    const wrong = new URL(url ?? '');
    wrong.password = 'geheim-1234';
    const broker = new AmqpBroker({ url: wrong.href, service: 'gateway' }, facts.telemetry);
    await until(() => broker.fault()?.includes('403') === true);
    await broker.close(500);
    expect(JSON.stringify(facts.lines)).not.toContain('geheim');
    expect(broker.fault()).not.toContain('geheim');
  });

  it('says that nobody listens at the address, without the credentials', async () => {
    const broker = new AmqpBroker(
      { url: 'amqp://user:geheim@127.0.0.1:1', service: 'gateway' },
      facts.telemetry,
    );
    await until(() => broker.fault()?.includes('ECONNREFUSED') === true);
    const asked = broker.subscribe('gateway.events', async () => DONE);
    await asked;
    await expect(broker.publish(numbered(1))).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await broker.close(500);
    expect(JSON.stringify(facts.lines)).not.toContain('geheim');
  });
});
