import { randomBytes } from 'node:crypto';
import { QUEUES, type QueueName, type ServiceName, type Telemetry } from '@regulars/contracts';
import { connect } from 'amqplib';
import { AmqpBroker } from '../amqp/amqp-broker.js';
import { describe } from '../amqp/link.js';
import { Names } from '../amqp/names.js';
import { deleteTopology, type Queues } from '../amqp/topology.js';
import { attemptOf, fromFrame } from '../amqp/wire.js';
import { type DeadLetterView, type Rig, TEST_QUEUES, until } from './rig.js';

/** The RabbitMQ to test with, RABBITMQ_URL or the local one; null when none answers, with the reason printed.
 *  @throws Error when none answers although REGULARS_REQUIRE_SERVICES=1 */
export async function findRabbitmq(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const url = env.RABBITMQ_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
  try {
    const connection = await connect(url, { timeout: 3_000 });
    await connection.close();
    return url;
  } catch (error) {
    if (env.REGULARS_REQUIRE_SERVICES === '1') throw error;
    process.stderr.write(`Tests with RabbitMQ are skipped, none answers: ${describe(error)}\n`);
    return null;
  }
}

/** A namespace of its own for one test. */
export function freshNamespace(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

async function takeDeadLetters(url: string, names: Names, queue: QueueName): Promise<DeadLetterView[]> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    const found: DeadLetterView[] = [];
    for (;;) {
      const message = await channel.get(names.dead(queue));
      if (message === false) return found;
      const { eventId, key } = fromFrame(message);
      const reason = String(message.properties.headers?.['x-reason']);
      found.push({ eventId, key, reason, attempts: attemptOf(message) });
    }
  } finally {
    await connection.close();
  }
}

export interface AmqpRig extends Rig {
  readonly names: Names;
  readonly namespace: string;
  joinAs(service: ServiceName, url?: string): Promise<AmqpBroker>;
}

/** Brokers on queues of their own in the real RabbitMQ. */
export async function openRabbitmq(
  url: string,
  telemetry: Telemetry,
  { queues = TEST_QUEUES as Queues, heartbeatSeconds = 10 } = {},
): Promise<AmqpRig> {
  const namespace = freshNamespace();
  const names = new Names(namespace);
  const brokers: AmqpBroker[] = [];
  const joinAs = async (service: ServiceName, through = url): Promise<AmqpBroker> => {
    const broker = new AmqpBroker({ url: through, namespace, service, queues, heartbeatSeconds }, telemetry);
    brokers.push(broker);
    await until(() => broker.fault() === null);
    return broker;
  };
  return {
    names,
    namespace,
    broker: await joinAs('gateway'),
    joinAs,
    join: () => joinAs('analytics'),
    deadLetters: (queue) => takeDeadLetters(url, names, queue),
    close: async () => {
      await Promise.all(brokers.map((broker) => broker.close(1_000)));
      await deleteTopology(url, namespace, { ...QUEUES, ...queues });
    },
  };
}
