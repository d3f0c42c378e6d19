import {
  assertNever,
  type CommandDefinition,
  QUEUES,
  type QueueDefinition,
  type QueueName,
  RegularsError,
  type ServiceName,
  SERVICES,
  SILENT,
  type Telemetry,
  TransientError,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { z } from 'zod';
import type { Broker, CommandHandler, Handler, Message, Subscription } from '../broker.js';
import { openedReply, sealedRequest } from '../commands.js';
import { countDrop } from '../drops.js';
import { type Envelope, sealed } from '../envelope.js';
import { MemoryCommandQueue } from './command-queue.js';
import { MemoryBroadcastQueue, MemoryLanesQueue, MemoryNewestQueue } from './newest-queues.js';
import { Within } from './within.js';
import { MemoryWorkQueue } from './work-queue.js';

/** Dead letters that are kept; older ones are forgotten (they were logged and counted). */
const MOST_DEAD_LETTERS = 1_000;

export interface DeadLetter {
  readonly queue: QueueName;
  readonly key: string;
  readonly eventId: string;
  /** Payload as it was sent. */
  readonly json: string;
  readonly reason: string;
  readonly attempts: number;
}

export interface MemoryBrokerOptions {
  /** Services that run in this process; the queues of others do not exist. Default: all. */
  readonly services?: readonly ServiceName[];
  /** Default: the topology. Tests shorten its delays. */
  readonly queues?: Readonly<Record<QueueName, QueueDefinition>>;
}

type MemoryQueue =
  MemoryWorkQueue | MemoryBroadcastQueue | MemoryNewestQueue | MemoryLanesQueue | MemoryCommandQueue;

/** The broker of the embedded mode: the same promises as RabbitMQ's within one process.
 *
 *  `publish` resolves when every work queue of the event has done with it (done or dead-lettered), because
 *  nothing else of it outlives the process: the outbox keeps the event until then, retries of up to ten minutes
 *  included, and sends it again after a crash. OutboxPublisher does not wait for that, so no caller does. Code
 *  that publishes without an outbox from inside a handler does not wait for the queues it is in the handlers
 *  of; such an event is lost when the process dies. Broadcasts, lanes and newest queues are never waited for.
 *
 *  Payloads go through JSON, so that no two handlers share one; bodies are passed by reference and belong to
 *  all: nobody may change them. */
export class MemoryBroker implements Broker {
  private readonly queues = new Map<QueueName, MemoryQueue>();
  private readonly within = new Within();
  private readonly dead: DeadLetter[] = [];
  private readonly taps = new Set<(envelope: Envelope) => void>();
  private closed = false;

  constructor(
    private readonly telemetry: Telemetry = SILENT,
    { services = SERVICES, queues = QUEUES }: MemoryBrokerOptions = {},
  ) {
    for (const [name, queue] of Object.entries(queues) as [QueueName, QueueDefinition][]) {
      if (services.includes(queue.service)) this.queues.set(name, this.queueOf(name, queue));
    }
  }

  private queueOf(name: QueueName, queue: QueueDefinition): MemoryQueue {
    const { telemetry } = this;
    const drop = ({ key, json }: Envelope) => countDrop(telemetry, key, JSON.parse(json));
    switch (queue.kind) {
      case 'work':
        return new MemoryWorkQueue(
          { name, queue, telemetry },
          this.within,
          ({ key, eventId, json }, reason, attempts) => {
            this.dead.push({ queue: name, key, eventId, json, reason, attempts });
            if (this.dead.length > MOST_DEAD_LETTERS) this.dead.shift();
          },
        );
      case 'broadcast':
        return new MemoryBroadcastQueue({ name, queue, telemetry });
      case 'newest':
        return new MemoryNewestQueue({ name, queue, telemetry }, drop);
      case 'lanes':
        return new MemoryLanesQueue({ name, queue, telemetry }, drop);
      case 'commands':
        return new MemoryCommandQueue({ name, queue, telemetry });
      default:
        return assertNever(queue);
    }
  }

  async publish(message: Message): Promise<void> {
    if (this.closed) throw new TransientError('BROKER_UNAVAILABLE', { reason: 'closed' });
    const inside = this.within.queues();
    const settled = this.route(message);
    await Promise.all(settled.filter(([name]) => !inside.includes(name)).map(([, work]) => work));
  }

  publishNewest(message: Message): boolean {
    if (this.closed) return false;
    this.route(message);
    return true;
  }

  private route(message: Message): [QueueName, Promise<void>][] {
    const envelope = sealed(message);
    const settled: [QueueName, Promise<void>][] = [];
    for (const tap of this.taps) tap(envelope);
    for (const [name, queue] of this.queues) {
      if (!(QUEUES[name].keys as readonly string[]).includes(message.key)) continue;
      if (queue instanceof MemoryWorkQueue) settled.push([name, queue.accept(envelope)]);
      else if (!(queue instanceof MemoryCommandQueue)) this.within.run([], () => queue.accept(envelope));
    }
    return settled;
  }

  async subscribe(name: QueueName, handler: Handler): Promise<Subscription> {
    const queue = this.queues.get(name);
    if (queue === undefined || queue instanceof MemoryCommandQueue) {
      throw new RegularsError('INTERNAL', { queue: name, reason: 'no queue of events' });
    }
    return queue.subscribe(handler);
  }

  async answer(name: QueueName, handler: CommandHandler): Promise<Subscription> {
    const queue = this.queues.get(name);
    if (!(queue instanceof MemoryCommandQueue)) {
      throw new RegularsError('INTERNAL', { queue: name, reason: 'no queue of commands' });
    }
    return queue.answer(handler);
  }

  async ask<Request extends z.ZodObject, Reply extends z.ZodType>(
    command: CommandDefinition<Request, Reply>,
    request: z.infer<Request>,
    body?: Uint8Array,
  ): Promise<z.infer<Reply>> {
    if (this.closed) throw new TransientError('BROKER_UNAVAILABLE', { reason: 'closed' });
    const rest = { eventId: newId('req'), producer: 'gateway' as const, askedAt: new Date() };
    const envelope = sealedRequest(command, request, body === undefined ? rest : { ...rest, body });
    for (const [name, queue] of this.queues) {
      if (!(queue instanceof MemoryCommandQueue)) continue;
      if (!(QUEUES[name].keys as readonly string[]).includes(command.key)) continue;
      return openedReply(command, await queue.ask(envelope, command.timeoutMs));
    }
    throw new TransientError('REPLY_TIMEOUT', { command: command.key, reason: 'no service answers it' });
  }

  /** The newest messages that could not be handled, oldest first. */
  deadLetters(): readonly DeadLetter[] {
    return [...this.dead];
  }

  /** Calls the listener with every event published from now on, before any handler has it. */
  async tap(listener: (envelope: Envelope) => void): Promise<Subscription> {
    this.taps.add(listener);
    return { close: async () => void this.taps.delete(listener) };
  }

  fault(): string | null {
    return this.closed ? 'closed' : null;
  }

  async close(timeoutMs: number): Promise<void> {
    this.closed = true;
    await Promise.all([...this.queues.values()].map((queue) => queue.close(timeoutMs)));
  }
}
