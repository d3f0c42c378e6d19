import {
  COMMANDS,
  type CommandDefinition,
  type ErrorCode,
  ERRORS,
  type ErrorFields,
  isRegularsError,
  messageOf,
  QUEUES,
  type QueueName,
  RegularsError,
  SERVICES,
  type ServiceName,
  type Telemetry,
  tolerant,
  TransientError,
} from '@regulars/contracts';
import type { z } from 'zod';
import type { CommandHandler, Delivery } from './broker.js';
import { type Envelope, fieldsOf } from './envelope.js';

/** What travels back to the asker, as JSON. */
export type Reply =
  | { readonly ok: true; readonly reply: unknown }
  | {
      readonly ok: false;
      readonly code: string;
      readonly fields: ErrorFields;
      /** The asker may try again. */
      readonly transient: boolean;
    };

/** @throws RegularsError MESSAGE_INVALID naming the fields that are not as the command says */
export function sealedRequest<Request extends z.ZodObject>(
  command: CommandDefinition<Request>,
  request: z.infer<Request>,
  rest: { eventId: string; producer: ServiceName; askedAt: Date; body?: Uint8Array },
): Envelope {
  const parsed = command.request.safeParse(request);
  if (!parsed.success) {
    throw new RegularsError('MESSAGE_INVALID', { key: command.key, fields: fieldsOf(parsed.error.issues) });
  }
  const { askedAt, ...others } = rest;
  return {
    ...others,
    key: command.key,
    happenedAt: askedAt.toISOString(),
    json: JSON.stringify(parsed.data),
  };
}

function openedRequest(envelope: Envelope, queue: QueueName): Delivery & { command: CommandDefinition } {
  const { key, eventId, producer, happenedAt, body } = envelope;
  const command = (COMMANDS as readonly unknown[] as readonly CommandDefinition[]).find(
    (known) => known.key === key,
  );
  if (command === undefined || !(QUEUES[queue].keys as readonly string[]).includes(key)) {
    throw new RegularsError('MESSAGE_UNHANDLED', { key, queue });
  }
  let request: unknown;
  try {
    request = JSON.parse(envelope.json);
  } catch (cause) {
    throw new RegularsError('MESSAGE_INVALID', { key, fields: ['(whole) not JSON'] }, { cause });
  }
  const parsed = tolerant(command.request).safeParse(request);
  if (!parsed.success) {
    throw new RegularsError('MESSAGE_INVALID', { key, fields: fieldsOf(parsed.error.issues) });
  }
  const from = (SERVICES as readonly string[]).includes(producer) ? (producer as ServiceName) : 'gateway';
  const delivery = { eventId, key, producer: from, happenedAt, payload: parsed.data, queue, attempt: 1 };
  return { ...delivery, command, ...(body === undefined ? {} : { body }) };
}

function refusal(error: unknown): Reply {
  return isRegularsError(error)
    ? { ok: false, code: error.code, fields: error.fields, transient: error instanceof TransientError }
    : { ok: false, code: 'INTERNAL', fields: {}, transient: false };
}

/** Lets the handler answer a command; never throws. What the handler throws that is no RegularsError is logged
 *  here and reaches the asker as INTERNAL only. */
export async function answerOnce(
  envelope: Envelope,
  handler: CommandHandler,
  { name, telemetry }: { name: QueueName; telemetry: Telemetry },
): Promise<Reply> {
  const startedAt = performance.now();
  let reply: Reply;
  try {
    const { command, ...delivery } = openedRequest(envelope, name);
    const answer = command.reply.safeParse(await handler(delivery));
    if (!answer.success) {
      const fields = fieldsOf(answer.error.issues);
      throw new RegularsError('MESSAGE_INVALID', { key: `${command.key} (reply)`, fields });
    }
    reply = { ok: true, reply: answer.data };
  } catch (error) {
    if (!isRegularsError(error)) {
      const facts = { queue: name, event: envelope.key, eventId: envelope.eventId, reason: messageOf(error) };
      telemetry.log.error(facts, 'command failed');
    }
    reply = refusal(error);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  telemetry.meter.observe('regulars_message_handling_seconds', seconds, { queue: name });
  const outcome = reply.ok ? 'done' : 'dead';
  telemetry.meter.count('regulars_messages_handled_total', { queue: name, outcome });
  return reply;
}

/** @throws RegularsError or TransientError as the answering side threw it */
export function openedReply<Reply_ extends z.ZodType>(
  command: CommandDefinition<z.ZodObject, Reply_>,
  reply: Reply,
): z.infer<Reply_> {
  if (!reply.ok) {
    const code = (reply.code in ERRORS ? reply.code : 'INTERNAL') as ErrorCode;
    throw reply.transient ? new TransientError(code, reply.fields) : new RegularsError(code, reply.fields);
  }
  const parsed = tolerant(command.reply).safeParse(reply.reply);
  if (parsed.success) return parsed.data;
  const fields = fieldsOf(parsed.error.issues);
  throw new RegularsError('MESSAGE_INVALID', { key: `${command.key} (reply)`, fields });
}
