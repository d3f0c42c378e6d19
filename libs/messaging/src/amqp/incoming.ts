import {
  type BroadcastQueue,
  messageOf,
  type NewestQueue,
  type QueueName,
  type Telemetry,
  type WorkQueue,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { Channel, ConsumeMessage } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import type { Handler } from '../broker.js';
import { handleBroadcast } from '../broadcast.js';
import type { Envelope } from '../envelope.js';
import { handleOnce } from '../handling.js';
import { acknowledge, type ConsumerOptions, giveBack } from './consumer.js';
import type { Names } from './names.js';
import type { Outgoing } from './outgoing.js';
import { bindAll } from './topology.js';
import { attemptOf, forwarded, fromFrame } from './wire.js';

/** Wait before a message that could be neither handled nor put aside is given back. */
const GIVE_BACK_MS = 1_000;
/** Messages that wait for a slow listener before the oldest are dropped. */
const MOST_TAPPED = 10_000;

/** What consumers need of their broker. */
export interface Surroundings {
  readonly names: Names;
  readonly outgoing: Outgoing;
  readonly telemetry: Telemetry;
  readonly redeclare: () => Promise<void>;
}

/** Consumes a work queue. A message to be tried again goes to the queue of its delay, from where the broker
 *  returns it; one that cannot be handled goes to the dead letters with its reason. It is acknowledged only
 *  after the broker has confirmed its copy. */
export function workConsumer(
  name: QueueName,
  queue: WorkQueue,
  handler: Handler,
  { names, outgoing, telemetry, redeclare }: Surroundings,
): ConsumerOptions {
  async function settle(message: ConsumeMessage): Promise<void> {
    const attempt = attemptOf(message);
    const step = await handleOnce(fromFrame(message), attempt, handler, { name, queue, telemetry });
    if (step.kind === 'retry') {
      const again = forwarded(message, { 'x-attempt': attempt + 1, 'x-reason': step.reason });
      await outgoing.publish('', names.retry(name, step.delayMs), again);
    } else if (step.kind === 'dead') {
      const dead = forwarded(message, { 'x-attempt': attempt, 'x-reason': step.reason });
      await outgoing.publish('', names.dead(name), dead);
    }
  }
  return {
    prefetch: queue.prefetch,
    redeclare,
    queue: async () => names.queue(name),
    onMessage: async (message, channel) => {
      try {
        await settle(message);
        acknowledge(channel, message, telemetry);
      } catch (error) {
        telemetry.log.warn({ queue: name, reason: messageOf(error) }, 'message not put aside');
        await delay(GIVE_BACK_MS);
        giveBack(channel, message, telemetry);
      }
    },
  };
}

/** Consumes a replica's own copy of a broadcast; the queue lives as long as its connection. */
export function broadcastConsumer(
  name: QueueName,
  queue: BroadcastQueue,
  handler: Handler,
  { names, telemetry, redeclare }: Surroundings,
): ConsumerOptions {
  return {
    prefetch: queue.prefetch,
    redeclare,
    queue: (channel) => declareOwn(channel, names, names.replica(name, newId('req')), queue),
    consume: { exclusive: true },
    onMessage: async (message, channel) => {
      await handleBroadcast(fromFrame(message), handler, { name, queue, telemetry });
      acknowledge(channel, message, telemetry);
    },
  };
}

/** Declares a queue that lives as long as its connection, and binds it.
 *  @returns its name */
export async function declareOwn(
  channel: Channel,
  names: Names,
  queueName: string,
  { keys, maxLength }: { keys: readonly string[]; maxLength: number },
): Promise<string> {
  await channel.assertQueue(queueName, {
    exclusive: true,
    durable: false,
    autoDelete: true,
    maxLength,
    overflow: 'drop-head',
  });
  await bindAll(channel, names, queueName, keys);
  return queueName;
}

/** Consumes a queue of which only the newest messages matter: each is handled once, whatever comes of it. */
export function newestConsumer(
  name: QueueName,
  queue: NewestQueue,
  handler: Handler,
  { names, telemetry, redeclare }: Surroundings,
): ConsumerOptions {
  return {
    prefetch: queue.prefetch,
    redeclare,
    queue: async () => names.queue(name),
    onMessage: async (message, channel) => {
      await handleOnce(fromFrame(message), 1, handler, { name, queue, telemetry });
      acknowledge(channel, message, telemetry);
    },
  };
}

/** Listens to all events, without a part in anything. */
export function tapConsumer(
  listener: (envelope: Envelope) => void,
  { names, redeclare }: Surroundings,
): ConsumerOptions {
  return {
    prefetch: 0,
    redeclare,
    consume: { exclusive: true, noAck: true },
    queue: async (channel) => {
      const own = { keys: [], maxLength: MOST_TAPPED };
      const queue = await declareOwn(channel, names, names.replica('tap', newId('req')), own);
      for (const worth of ['counts', 'newest'] as const) {
        await channel.bindQueue(queue, names.exchange(worth), '#');
      }
      return queue;
    },
    onMessage: async (message) => listener(fromFrame(message)),
  };
}
