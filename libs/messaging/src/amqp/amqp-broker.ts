import {
  assertNever,
  type CommandDefinition,
  EVENTS,
  type QueueDefinition,
  type QueueName,
  QUEUES,
  RegularsError,
  type ServiceName,
  type Telemetry,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { ChannelModel } from 'amqplib';
import type { z } from 'zod';
import type { Broker, CommandHandler, Handler, Message, Subscription } from '../broker.js';
import { openedReply, sealedRequest } from '../commands.js';
import { type Envelope, sealed } from '../envelope.js';
import { Consumer, type ConsumerOptions } from './consumer.js';
import {
  broadcastConsumer,
  newestConsumer,
  type Surroundings,
  tapConsumer,
  workConsumer,
} from './incoming.js';
import { LaneWorker } from './lane-worker.js';
import { Link } from './link.js';
import { mustBeRouted, Names, routingKeyOf } from './names.js';
import { Outgoing } from './outgoing.js';
import { commandConsumer, Questions } from './questions.js';
import { declareTopology, type Queues } from './topology.js';
import { toFrame } from './wire.js';

export interface AmqpBrokerOptions {
  /** amqp:// or amqps://, with credentials. */
  readonly url: string;
  /** Prefix of all exchanges and queues; '' for none. */
  readonly namespace?: string;
  readonly service: ServiceName;
  /** A peer that is silent for two such spans is taken for dead, seconds. Default 10. */
  readonly heartbeatSeconds?: number;
  /** Default: the topology. Tests shorten its delays. */
  readonly queues?: Queues;
}

/** RabbitMQ behind the port, over two connections: an alarm that blocks publishers must not stop consumers from
 *  acknowledging. Connects at once and again for ever; declares the topology each time. */
export class AmqpBroker implements Broker {
  private readonly names: Names;
  private readonly queues: Queues;
  private readonly publishing: Link;
  private readonly consuming: Link;
  private readonly outgoing: Outgoing;
  private readonly surroundings: Surroundings;
  private readonly questions: Questions;
  private readonly consumers = new Set<Consumer>();
  private readonly workers = new Set<LaneWorker>();
  private model: ChannelModel | null = null;
  private redeclaring: Promise<void> | null = null;

  constructor(
    private readonly options: AmqpBrokerOptions,
    telemetry: Telemetry,
  ) {
    const { url, namespace = '', heartbeatSeconds = 10, queues = QUEUES } = options;
    this.names = new Names(namespace);
    this.queues = queues;
    this.outgoing = new Outgoing(
      telemetry,
      () => this.publishing.fault ?? this.publishing.blocked,
      () => {
        this.redeclare().catch((error: unknown) =>
          telemetry.log.warn({ reason: String(error) }, 'topology not declared'),
        );
      },
    );
    const { names, outgoing } = this;
    this.surroundings = { names, outgoing, telemetry, redeclare: () => this.redeclare() };
    this.questions = new Questions(this.surroundings);
    this.consumers.add(new Consumer(this.questions.consumer, telemetry));
    const link = { url, heartbeatSeconds };
    this.publishing = new Link(
      { ...link, name: 'publish' },
      telemetry,
      (model) => this.openPublishing(model),
      () => this.outgoing.lost(),
    );
    this.consuming = new Link(
      { ...link, name: 'consume' },
      telemetry,
      (model) => this.openConsuming(model),
      () => this.lostConsuming(),
    );
    this.publishing.start();
    this.consuming.start();
  }

  private async openPublishing(model: ChannelModel): Promise<void> {
    await this.declareOn(model);
    await this.outgoing.open(model);
  }

  private async openConsuming(model: ChannelModel): Promise<void> {
    await this.declareOn(model);
    this.model = model;
    await Promise.all([...this.consumers].map((consumer) => consumer.open(model)));
    for (const worker of this.workers) worker.open(model);
  }

  private lostConsuming(): void {
    this.model = null;
    this.questions.lost();
    for (const one of [...this.consumers, ...this.workers]) one.lost();
  }

  private async declareOn(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', (error) =>
      this.surroundings.telemetry.log.warn({ reason: String(error) }, 'topology not declared'),
    );
    await declareTopology(channel, this.names, this.queues);
    await channel.close();
  }

  /** Declares the topology anew, once for all who ask at the same time. */
  private redeclare(): Promise<void> {
    const { model } = this;
    if (model === null) return Promise.resolve();
    this.redeclaring ??= this.declareOn(model).finally(() => (this.redeclaring = null));
    return this.redeclaring;
  }

  /** An event that a work queue waits for must reach it, or it was not taken; an event that is only broadcast
   *  may find no queue while nobody listens. */
  async publish(message: Message): Promise<void> {
    const envelope = sealed(message);
    const options = { persistent: true, mandatory: mustBeRouted(message.key) };
    await this.outgoing.publish(this.exchangeOf(message), this.keyOf(message), toFrame(envelope, options));
  }

  publishNewest(message: Message): boolean {
    const frame = toFrame(sealed(message), { persistent: false });
    return this.outgoing.publishNewest(this.exchangeOf(message), this.keyOf(message), frame);
  }

  private exchangeOf({ key }: Message): string {
    const event = EVENTS.find((known) => known.key === key);
    return this.names.exchange(event?.worth ?? 'counts');
  }

  private keyOf({ key, payload }: Message): string {
    return routingKeyOf(key, payload);
  }

  /** Ends when the queue is consumed, or at once while the broker is away; it is then consumed as soon as the
   *  broker is back. */
  async subscribe(name: QueueName, handler: Handler): Promise<Subscription> {
    const queue: QueueDefinition = this.queues[name];
    switch (queue.kind) {
      case 'work':
        return this.consume(workConsumer(name, queue, handler, this.surroundings));
      case 'broadcast':
        return this.consume(broadcastConsumer(name, queue, handler, this.surroundings));
      case 'newest':
        return this.consume(newestConsumer(name, queue, handler, this.surroundings));
      case 'lanes':
        return this.work(new LaneWorker(name, queue, handler, this.surroundings));
      case 'commands':
        throw new RegularsError('INTERNAL', { queue: name, reason: 'no queue of events' });
      default:
        return assertNever(queue);
    }
  }

  async answer(name: QueueName, handler: CommandHandler): Promise<Subscription> {
    const queue: QueueDefinition = this.queues[name];
    if (queue.kind !== 'commands') {
      throw new RegularsError('INTERNAL', { queue: name, reason: 'no queue of commands' });
    }
    return this.consume(commandConsumer(name, queue, handler, this.surroundings));
  }

  private async consume(options: ConsumerOptions): Promise<Subscription> {
    await this.consuming.firstAttempt();
    const consumer = new Consumer(options, this.surroundings.telemetry);
    this.consumers.add(consumer);
    if (this.model !== null) await consumer.open(this.model);
    return {
      close: async (timeoutMs) => {
        this.consumers.delete(consumer);
        await consumer.close(timeoutMs);
      },
    };
  }

  private async work(worker: LaneWorker): Promise<Subscription> {
    const hearing = await this.consume(worker.consumer);
    this.workers.add(worker);
    if (this.model !== null) worker.open(this.model);
    return {
      close: async (timeoutMs) => {
        await worker.close(timeoutMs);
        this.workers.delete(worker);
        await hearing.close(timeoutMs);
      },
    };
  }

  async ask<Request extends z.ZodObject, Reply extends z.ZodType>(
    command: CommandDefinition<Request, Reply>,
    request: z.infer<Request>,
    body?: Uint8Array,
  ): Promise<z.infer<Reply>> {
    await this.consuming.firstAttempt();
    const rest = { eventId: newId('req'), producer: this.options.service, askedAt: new Date() };
    const envelope = sealedRequest(command, request, body === undefined ? rest : { ...rest, body });
    const asked: CommandDefinition = command as unknown as CommandDefinition;
    return openedReply(command, await this.questions.ask(asked, envelope));
  }

  /** Calls the listener with every message of the two event exchanges from now on, unparsed. */
  async tap(listener: (envelope: Envelope) => void): Promise<Subscription> {
    return this.consume(tapConsumer(listener, this.surroundings));
  }

  fault(): string | null {
    if (this.publishing.fault !== null) return this.publishing.fault;
    if (this.consuming.fault !== null) return this.consuming.fault;
    if (this.publishing.blocked !== null) return `blocks publishers: ${this.publishing.blocked}`;
    const unconsumed = [...this.consumers].filter((consumer) => !consumer.isOpen).length;
    return unconsumed === 0 ? null : `${unconsumed} queues not consumed`;
  }

  async close(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    await Promise.all([...this.workers].map((worker) => worker.close(timeoutMs)));
    await Promise.all([...this.consumers].map((consumer) => consumer.close(until - performance.now())));
    await this.outgoing.drain(until - performance.now());
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }
}
