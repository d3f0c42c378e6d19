import {
  type CommandDefinition,
  type CommandQueue,
  messageOf,
  type QueueName,
  type Telemetry,
  TransientError,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { ConsumeMessage } from 'amqplib';
import type { CommandHandler } from '../broker.js';
import { answerOnce, type Reply } from '../commands.js';
import type { Envelope } from '../envelope.js';
import { acknowledge, type ConsumerOptions } from './consumer.js';
import type { Surroundings } from './incoming.js';
import { fromFrame, toFrame } from './wire.js';

interface Question {
  readonly answer: (reply: Reply) => void;
  readonly fail: (error: TransientError) => void;
}

function parseReply(message: ConsumeMessage): Reply {
  try {
    return JSON.parse(message.content.toString('utf8')) as Reply;
  } catch (error) {
    return { ok: false, code: 'MESSAGE_INVALID', fields: { reason: messageOf(error) }, transient: false };
  }
}

/** The asking side of commands: an exclusive queue for the replies, told apart by their correlation ids. */
export class Questions {
  private readonly open = new Map<string, Question>();
  private replyTo: string | null = null;

  constructor(private readonly surroundings: Surroundings) {}

  get consumer(): ConsumerOptions {
    const { names, redeclare } = this.surroundings;
    return {
      prefetch: 0,
      redeclare,
      consume: { exclusive: true, noAck: true },
      queue: async (channel) => {
        const queue = names.replica('replies', newId('req'));
        await channel.assertQueue(queue, { exclusive: true, durable: false, autoDelete: true });
        this.replyTo = queue;
        return queue;
      },
      onMessage: async (message) => {
        this.open.get(String(message.properties.correlationId))?.answer(parseReply(message));
      },
    };
  }

  /** The replies to what was asked went with the connection. */
  lost(): void {
    this.replyTo = null;
    for (const question of this.open.values()) {
      question.fail(new TransientError('BROKER_UNAVAILABLE', { reason: 'connection lost while asking' }));
    }
  }

  /** @throws TransientError REPLY_TIMEOUT, BROKER_UNAVAILABLE, BROKER_REFUSED */
  async ask(command: CommandDefinition, envelope: Envelope): Promise<Reply> {
    const { names, outgoing } = this.surroundings;
    const { replyTo } = this;
    if (replyTo === null) throw new TransientError('BROKER_UNAVAILABLE', { reason: 'no reply queue' });
    const correlationId = envelope.eventId;
    let timer: NodeJS.Timeout | undefined;
    const replied = new Promise<Reply>((answer, fail) => {
      this.open.set(correlationId, { answer, fail });
      const { key, timeoutMs } = command;
      timer = setTimeout(
        () => fail(new TransientError('REPLY_TIMEOUT', { command: key, timeoutMs })),
        timeoutMs,
      );
    });
    try {
      const options = { replyTo, correlationId, expiration: command.timeoutMs, mandatory: true };
      const sent = outgoing.publish(names.exchange('commands'), command.key, toFrame(envelope, options));
      const [reply] = await Promise.all([replied, Promise.race([sent, replied])]);
      return reply;
    } finally {
      clearTimeout(timer);
      this.open.delete(correlationId);
    }
  }
}

/** The answering side. A command that somebody began before (it comes a second time because its connection was
 *  lost) is refused, not begun again: the asker may decide to. */
export function commandConsumer(
  name: QueueName,
  queue: CommandQueue,
  handler: CommandHandler,
  { names, outgoing, telemetry, redeclare }: Surroundings,
): ConsumerOptions {
  return {
    prefetch: queue.prefetch,
    redeclare,
    queue: async () => names.queue(name),
    onMessage: async (message, channel) => {
      const reply: Reply = message.fields.redelivered
        ? {
            ok: false,
            code: 'REPLY_TIMEOUT',
            fields: { queue: name, reason: 'begun before' },
            transient: true,
          }
        : await answerOnce(fromFrame(message), handler, { name, telemetry });
      await sendReply(message, reply, outgoing, telemetry);
      acknowledge(channel, message, telemetry);
    },
  };
}

async function sendReply(
  { properties }: ConsumeMessage,
  reply: Reply,
  outgoing: Surroundings['outgoing'],
  telemetry: Telemetry,
): Promise<void> {
  const options = { correlationId: String(properties.correlationId), contentType: 'application/json' };
  try {
    const content = Buffer.from(JSON.stringify(reply));
    await outgoing.publish('', String(properties.replyTo), { content, options });
  } catch (error) {
    telemetry.log.warn({ reason: messageOf(error) }, 'reply not sent');
  }
}
