import {
  assertNever,
  eventByKey,
  type EXCHANGES,
  type LaneQueue,
  type QueueDefinition,
  type QueueName,
  QUEUES,
  type WorkQueue,
} from '@regulars/contracts';
import { type Channel, connect } from 'amqplib';
import { bindingOf, Names } from './names.js';

/** Messages a work queue holds; the broker refuses more, and they stay in their senders' outboxes. */
const MOST_WAITING = 1_000_000;
/** Dead letters a queue keeps; the oldest are dropped beyond that. */
const MOST_DEAD = 100_000;
/** Redeliveries without an outcome (the consumer died each time) before the broker itself puts a message aside:
 *  the default of RabbitMQ 4, set for 3.x too. */
const MOST_REDELIVERIES = 20;

export type Queues = Readonly<Record<QueueName, QueueDefinition>>;

export function exchangeOf(key: string): keyof typeof EXCHANGES {
  return eventByKey(key)?.worth === 'newest' ? 'newest' : 'counts';
}

export async function bindAll(
  channel: Channel,
  names: Names,
  queue: string,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) await channel.bindQueue(queue, names.exchange(exchangeOf(key)), bindingOf(key));
}

async function declareWork(channel: Channel, names: Names, name: QueueName, queue: WorkQueue): Promise<void> {
  await channel.assertQueue(names.dead(name), {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-max-length': MOST_DEAD },
  });
  await channel.assertQueue(names.queue(name), {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-max-length': MOST_WAITING,
      'x-overflow': 'reject-publish',
      'x-delivery-limit': MOST_REDELIVERIES,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': names.dead(name),
    },
  });
  await bindAll(channel, names, names.queue(name), queue.keys);
  for (const delayMs of new Set(queue.retryDelaysMs)) {
    await channel.assertQueue(names.retry(name, delayMs), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-max-length': MOST_WAITING,
        'x-overflow': 'reject-publish',
        'x-message-ttl': delayMs,
        'x-dead-letter-strategy': 'at-least-once',
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': names.queue(name),
      },
    });
  }
}

async function declareLanes(
  channel: Channel,
  names: Names,
  name: QueueName,
  queue: LaneQueue,
): Promise<void> {
  await channel.assertExchange(names.workers, 'topic', { durable: true });
  for (let lane = 0; lane < queue.lanes; lane++) {
    const laneQueue = names.lane(name, lane);
    await channel.assertQueue(laneQueue, dropHead(queue.maxLength, queue.ttlMs));
    for (const key of queue.keys) {
      await channel.bindQueue(laneQueue, names.exchange(exchangeOf(key)), `${key}.${lane}`);
    }
  }
}

/** A classic queue of which the oldest messages are dropped. Durable only in that the queue itself outlives a
 *  restart; its messages do not. */
function dropHead(maxLength: number, ttlMs: number) {
  return { durable: true, maxLength, messageTtl: ttlMs, overflow: 'drop-head' };
}

/** Declares all exchanges and all queues that outlive a connection; what exists already stays as it is. Each
 *  replica's own queue of a broadcast is declared by its consumer.
 *  @throws Error of amqplib, code 406, when something exists with other limits: delete it and connect again */
export async function declareTopology(channel: Channel, names: Names, queues: Queues): Promise<void> {
  for (const worth of ['counts', 'newest', 'commands'] as const) {
    await channel.assertExchange(names.exchange(worth), 'topic', { durable: true });
  }
  for (const [name, queue] of Object.entries(queues) as [QueueName, QueueDefinition][]) {
    switch (queue.kind) {
      case 'work':
        await declareWork(channel, names, name, queue);
        break;
      case 'lanes':
        await declareLanes(channel, names, name, queue);
        break;
      case 'newest':
        await channel.assertQueue(names.queue(name), dropHead(queue.maxLength, queue.ttlMs));
        await bindAll(channel, names, names.queue(name), queue.keys);
        break;
      case 'commands':
        await channel.assertQueue(names.queue(name), { durable: true, messageTtl: queue.ttlMs });
        for (const key of queue.keys) {
          await channel.bindQueue(names.queue(name), names.exchange('commands'), key);
        }
        break;
      case 'broadcast':
        break;
      default:
        assertNever(queue);
    }
  }
}

function queueNames(names: Names, queues: Queues): string[] {
  return (Object.entries(queues) as [QueueName, QueueDefinition][]).flatMap(([name, queue]) => {
    if (queue.kind === 'lanes') {
      return Array.from({ length: queue.lanes }, (_, lane) => names.lane(name, lane));
    }
    if (queue.kind === 'work') {
      const retries = queue.retryDelaysMs.map((delayMs) => names.retry(name, delayMs));
      return [names.queue(name), names.dead(name), ...retries];
    }
    return [names.queue(name)];
  });
}

/** Removes every exchange and queue of a namespace, with what is in them. For tests.
 *  @param queues as the broker was made with */
export async function deleteTopology(url: string, namespace: string, queues: Queues = QUEUES): Promise<void> {
  const names = new Names(namespace);
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    for (const queue of queueNames(names, queues)) await channel.deleteQueue(queue);
    const exchanges = (['counts', 'newest', 'commands'] as const).map((worth) => names.exchange(worth));
    for (const exchange of [...exchanges, names.workers]) await channel.deleteExchange(exchange);
  } finally {
    await connection.close();
  }
}
