import type { Message, Options } from 'amqplib';
import type { Envelope } from '../envelope.js';

/** A message as amqplib takes it. */
export interface Frame {
  readonly content: Buffer;
  readonly options: Options.Publish;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON messages have their payload as body. Messages with bytes have those as body, as they are, and the
 *  payload as JSON in the header `x-payload`. */
export function toFrame(envelope: Envelope, options: Options.Publish): Frame {
  const { eventId, key, producer, happenedAt, json, body } = envelope;
  const headers: Record<string, unknown> = { 'x-happened-at': happenedAt };
  const common = { ...options, messageId: eventId, type: key, appId: producer };
  if (body === undefined) {
    return { content: Buffer.from(json), options: { ...common, contentType: 'application/json', headers } };
  }
  return {
    content: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    options: {
      ...common,
      contentType: 'application/octet-stream',
      headers: { ...headers, 'x-payload': json },
    },
  };
}

/** What arrived; nothing of it is trusted. */
export function fromFrame({ content, fields, properties }: Message): Envelope {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const payload = headers['x-payload'];
  const isBinary = typeof payload === 'string';
  return {
    eventId: text(properties.messageId),
    key: text(properties.type) || fields.routingKey,
    producer: text(properties.appId),
    happenedAt: text(headers['x-happened-at']),
    json: isBinary ? payload : content.toString('utf8'),
    ...(isBinary ? { body: content } : {}),
  };
}

/** Which attempt at a message this is, from 1; counted by the header that the consumer before wrote. */
export function attemptOf({ properties }: Message): number {
  const attempt: unknown = properties.headers?.['x-attempt'];
  return typeof attempt === 'number' && attempt >= 1 ? attempt : 1;
}

/** The same message for its next place: retry queue or dead letters. */
export function forwarded(message: Message, headers: Readonly<Record<string, unknown>>): Frame {
  const { content, properties, fields } = message;
  return {
    content,
    options: {
      persistent: true,
      mandatory: true,
      messageId: text(properties.messageId),
      type: text(properties.type) || fields.routingKey,
      appId: text(properties.appId),
      contentType: text(properties.contentType),
      headers: {
        'x-happened-at': properties.headers?.['x-happened-at'] as unknown,
        'x-payload': properties.headers?.['x-payload'] as unknown,
        ...headers,
      },
    },
  };
}
