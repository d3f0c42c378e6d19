import type {
  CommandDefinition,
  EventDefinition,
  Outcome,
  PayloadOf,
  QueueName,
  ServiceName,
} from '@regulars/contracts';
import type { z } from 'zod';

/** A message as it travels: the payload is parsed by its event's schema before a handler sees it. */
export interface Message<Payload = unknown> {
  /** Same id, same message: what idempotent consumers remember. */
  readonly eventId: string;
  readonly key: string;
  readonly producer: ServiceName;
  /** When it happened, from the payload. */
  readonly happenedAt: string;
  readonly payload: Payload;
  /** Bytes beside the payload (a JPEG), for binary events and commands. */
  readonly body?: Uint8Array;
}

/** A message on its way to a handler. */
export interface Delivery<Payload = unknown> extends Message<Payload> {
  readonly queue: QueueName;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

export type Handler = (delivery: Delivery) => Promise<Outcome>;
/** Answers a command. A thrown RegularsError reaches the asker with its code and fields. */
export type CommandHandler = (delivery: Delivery) => Promise<unknown>;

export interface Subscription {
  /** Takes no further message, waits for those in hand, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

/** What Regulars needs of a message broker; AmqpBroker and MemoryBroker pass the same conformance suite. */
export interface Broker {
  /** Sends an event that counts. Resolves once the broker has taken responsibility for it: RabbitMQ by its
   *  confirm, MemoryBroker only when every work queue has done with it. So services publish through
   *  OutboxPublisher, which does not make its caller wait.
   *  @throws TransientError BROKER_UNAVAILABLE, BROKER_REFUSED: nothing was taken, send it again */
  publish(message: Message): Promise<void>;
  /** Sends a message of which only the newest matters. Never waits.
   *  @returns false when it was dropped because the broker is away or busy */
  publishNewest(message: Message): boolean;
  /** Consumes a queue of the topology, up to its prefetch side by side. For lanes, the subscription takes part in
   *  sharing them out, and a lane's messages are handled one after the other. Resolves when the queue is consumed,
   *  or at once while the broker is away: it is consumed as soon as the broker is there. */
  subscribe(queue: QueueName, handler: Handler): Promise<Subscription>;
  answer(queue: QueueName, handler: CommandHandler): Promise<Subscription>;
  /** Asks and waits for the answer, at most the command's own time.
   *  @throws TransientError REPLY_TIMEOUT or BROKER_UNAVAILABLE; RegularsError as the answering side threw it */
  ask<Request extends z.ZodObject, Reply extends z.ZodType>(
    command: CommandDefinition<Request, Reply>,
    request: z.infer<Request>,
    body?: Uint8Array,
  ): Promise<z.infer<Reply>>;
  /** Why it cannot work now, or null when it can. */
  fault(): string | null;
  /** Drains: waits for handlers and confirms, at most `timeoutMs`, then closes. */
  close(timeoutMs: number): Promise<void>;
}

/** What a service publishes with. */
export interface Publisher {
  /** Keeps the event in the outbox until the broker has it; resolves once it is safe in one of the two.
   *  @param options.eventId given when a repeated decision must publish the same event again */
  publish<E extends EventDefinition>(
    event: E,
    payload: PayloadOf<E>,
    options?: { eventId?: string },
  ): Promise<void>;
  /** @returns false when it was dropped */
  publishNewest<E extends EventDefinition>(event: E, payload: PayloadOf<E>, body?: Uint8Array): boolean;
}

/** Where events wait for the broker; persistence implements it over the document store. */
export interface Outbox {
  /** Keeps an event; keeping the same eventId twice changes nothing. */
  keep(message: Message): Promise<void>;
  /** The oldest kept events, in the order they were kept. */
  oldest(limit: number): Promise<readonly Message[]>;
  forget(eventId: string): Promise<void>;
  size(): Promise<number>;
}
