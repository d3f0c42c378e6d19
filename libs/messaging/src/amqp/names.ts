import { EXCHANGES, QUEUES, laneOf, type QueueName } from '@regulars/contracts';

/** Names of exchanges and queues in RabbitMQ, all behind one prefix so that several installations, or test
 *  runs, can share a broker. */
export class Names {
  private readonly prefix: string;

  /** @param namespace '' for none */
  constructor(namespace: string) {
    this.prefix = namespace === '' ? '' : `${namespace}.`;
  }

  exchange(worth: keyof typeof EXCHANGES): string {
    return this.prefix + EXCHANGES[worth];
  }

  /** Where lane workers tell each other that they are alive. */
  get workers(): string {
    return `${this.prefix}regulars.workers`;
  }

  queue(name: QueueName): string {
    return this.prefix + name;
  }

  /** Queue of one replica. */
  replica(name: string, id: string): string {
    return `${this.prefix}${name}.${id}`;
  }

  lane(name: QueueName, lane: number): string {
    return `${this.queue(name)}.${lane}`;
  }

  retry(name: QueueName, delayMs: number): string {
    return `${this.queue(name)}.retry.${delayMs}`;
  }

  dead(name: QueueName): string {
    return `${this.queue(name)}.dead`;
  }
}

/** Lanes that an event's messages are spread over; 0 for an event without lanes. */
function lanesOfEvent(key: string): number {
  for (const queue of Object.values(QUEUES)) {
    if (queue.kind === 'lanes' && (queue.keys as readonly string[]).includes(key)) return queue.lanes;
  }
  return 0;
}

/** Routing key of a message: the event's key, and behind it the camera's lane when the event has lanes. */
export function routingKeyOf(key: string, payload: unknown): string {
  const lanes = lanesOfEvent(key);
  if (lanes === 0) return key;
  const { cameraId } = payload as { cameraId?: unknown };
  return `${key}.${laneOf(String(cameraId), lanes)}`;
}

/** Binding by which a queue gets all messages of an event, whatever their lane. */
export function bindingOf(key: string): string {
  return lanesOfEvent(key) === 0 ? key : `${key}.*`;
}

/** Whether some work queue waits for the event. Only such an event must reach a queue: one that is broadcast
 *  only, such as `cameras.changed`, has none while no gateway is up, and that is no fault. */
export function mustBeRouted(key: string): boolean {
  return Object.values(QUEUES).some(
    (queue) => queue.kind === 'work' && (queue.keys as readonly string[]).includes(key),
  );
}
