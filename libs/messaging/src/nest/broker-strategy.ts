import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import {
  DONE,
  type Outcome,
  type QueueDefinition,
  type QueueName,
  queuesOf,
  RegularsError,
  type ServiceName,
} from '@regulars/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Broker, Delivery, Subscription } from '../broker.js';

const OUTCOMES: readonly unknown[] = ['done', 'retry', 'dead'] satisfies Outcome['kind'][];

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'kind' in value && OUTCOMES.includes(value.kind);
}

async function call(handler: MessageHandler, delivery: Delivery): Promise<unknown> {
  const result: unknown = await handler(delivery.payload, delivery);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

/** Subscribes the queues of a service and calls its Nest handlers by the messages' keys. */
export class BrokerStrategy extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];

  constructor(
    private readonly broker: Broker,
    private readonly service: ServiceName,
  ) {
    super();
  }

  /** Calls back with RegularsError HANDLER_MISSING, naming the keys, unless every key of the service's queues
   *  has one handler of the right kind. */
  listen(callback: (error?: unknown) => void): void {
    this.subscribeAll().then(() => callback(), callback);
  }

  private async subscribeAll(): Promise<void> {
    this.requireHandlers();
    for (const [name, queue] of queuesOf(this.service)) {
      this.subscriptions.push(await this.subscribe(name, queue));
    }
  }

  private subscribe(name: QueueName, queue: QueueDefinition): Promise<Subscription> {
    if (queue.kind === 'commands') {
      return this.broker.answer(name, (delivery) => call(this.handlerOf(delivery.key), delivery));
    }
    return this.broker.subscribe(name, async (delivery) => {
      const result = await call(this.handlerOf(delivery.key), delivery);
      return isOutcome(result) ? result : DONE;
    });
  }

  private handlerOf(key: string): MessageHandler {
    const handler = this.messageHandlers.get(key);
    if (handler === undefined) throw new RegularsError('MESSAGE_UNHANDLED', { key, service: this.service });
    return handler;
  }

  private requireHandlers(): void {
    const wrong = queuesOf(this.service).flatMap(([, queue]) =>
      queue.keys.filter((key) => {
        const handler = this.messageHandlers.get(key);
        const isEvent = queue.kind !== 'commands';
        return handler === undefined || handler.next !== undefined || handler.isEventHandler !== isEvent;
      }),
    );
    if (wrong.length > 0) throw new RegularsError('HANDLER_MISSING', { service: this.service, keys: wrong });
  }

  /** Takes no further message and waits for those in hand, at most so long. */
  async drain(timeoutMs: number): Promise<void> {
    await Promise.all(this.subscriptions.splice(0).map((subscription) => subscription.close(timeoutMs)));
  }

  close(): void {
    // Nest calls this when the application closes; `drain` has been awaited by then.
  }

  on(): never {
    throw new RegularsError('INTERNAL', { reason: 'the broker has no events to listen to' });
  }

  unwrap<T>(): T {
    return this.broker as T;
  }
}
