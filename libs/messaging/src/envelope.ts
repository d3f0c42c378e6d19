import {
  eventByKey,
  type EventDefinition,
  type PayloadOf,
  QUEUES,
  type QueueName,
  RegularsError,
  SERVICES,
  type ServiceName,
  tolerant,
} from '@regulars/contracts';
import type { Delivery, Message } from './broker.js';

/** A message on the wire: the payload as JSON text, the bytes beside it untouched. Nothing in it is parsed,
 *  so it may be wrong in every way. */
export interface Envelope {
  readonly eventId: string;
  readonly key: string;
  readonly producer: string;
  readonly happenedAt: string;
  readonly json: string;
  readonly body?: Uint8Array;
}

/** What the issues of a refused value are about: paths and rules, never the values themselves. */
export function fieldsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string }[],
): string[] {
  const named = issues.map((issue) => `${issue.path.map(String).join('.') || '(whole)'} ${issue.code ?? ''}`);
  return [...new Set(named.map((field) => field.trim()))].slice(0, 20);
}

/** Makes the message of an event.
 *  @throws RegularsError MESSAGE_INVALID naming the fields: the payload is not what the event's schema says,
 *    a field unknown to it included, or a binary event comes without its bytes */
export function messageOfEvent<E extends EventDefinition>(
  event: E,
  payload: PayloadOf<E>,
  rest: { eventId: string; producer: ServiceName; body?: Uint8Array },
): Message<PayloadOf<E>> {
  const parsed = event.schema.safeParse(payload);
  if (!parsed.success) {
    throw new RegularsError('MESSAGE_INVALID', { key: event.key, fields: fieldsOf(parsed.error.issues) });
  }
  if (event.body !== undefined && rest.body === undefined) {
    throw new RegularsError('MESSAGE_INVALID', { key: event.key, fields: ['body missing'] });
  }
  const happenedAt = String((parsed.data as Record<string, unknown>)[event.happenedAt]);
  return { ...rest, key: event.key, happenedAt, payload: parsed.data as PayloadOf<E> };
}

export function sealed(message: Message): Envelope {
  const { eventId, key, producer, happenedAt, payload, body } = message;
  const json = JSON.stringify(payload);
  return { eventId, key, producer, happenedAt, json, ...(body === undefined ? {} : { body }) };
}

function jsonOf(envelope: Envelope): unknown {
  try {
    return JSON.parse(envelope.json);
  } catch (cause) {
    throw new RegularsError(
      'MESSAGE_INVALID',
      { key: envelope.key, fields: ['(whole) not JSON'] },
      { cause },
    );
  }
}

/** Opens what arrived in a queue of events. Fields that the schema does not know are stripped: the sender may
 *  be newer. Every call gives a payload of its own.
 *  @throws RegularsError MESSAGE_UNHANDLED (a key the queue is not for) or MESSAGE_INVALID (fields named) */
export function opened(envelope: Envelope, queue: QueueName, attempt: number): Delivery {
  const { eventId, key, producer, body } = envelope;
  const event = eventByKey(key);
  if (event === undefined || !(QUEUES[queue].keys as readonly string[]).includes(key)) {
    throw new RegularsError('MESSAGE_UNHANDLED', { key, queue });
  }
  const parsed = tolerant(event.schema).safeParse(jsonOf(envelope));
  if (!parsed.success) {
    throw new RegularsError('MESSAGE_INVALID', { key, fields: fieldsOf(parsed.error.issues) });
  }
  const missing = [
    ...(eventId === '' ? ['eventId missing'] : []),
    ...((SERVICES as readonly string[]).includes(producer) ? [] : ['producer unknown']),
    ...(event.body !== undefined && body === undefined ? ['body missing'] : []),
  ];
  if (missing.length > 0) throw new RegularsError('MESSAGE_INVALID', { key, fields: missing });
  return {
    eventId,
    key,
    producer: producer as ServiceName,
    happenedAt: String((parsed.data as Record<string, unknown>)[event.happenedAt]),
    payload: parsed.data,
    queue,
    attempt,
    ...(body === undefined ? {} : { body }),
  };
}
