import { type LaneQueue, messageOf, type QueueName } from '@regulars/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import type { Handler } from '../broker.js';
import { handleOnce } from '../handling.js';
import { endsWithin } from '../in-hand.js';
import { acknowledge } from './consumer.js';
import type { Surroundings } from './incoming.js';
import { fromFrame } from './wire.js';

const CLOSE_TIMEOUT_MS = 1_000;
/** AMQP reply code: the queue does not exist. */
const NOT_FOUND = 404;

/** One lane held by this worker: an exclusive consumer, which the broker grants to one worker at a time. Its
 *  messages are handled one after the other. */
export class HeldLane {
  private last: Promise<void> = Promise.resolve();
  private releasing = false;

  private constructor(
    private readonly channel: Channel,
    private readonly onLost: () => void,
  ) {}

  /** @returns null when another worker holds it still, or it cannot be had for another reason */
  static async take(
    model: ChannelModel,
    lane: { queue: LaneQueue; name: QueueName; lane: number },
    handler: Handler,
    { names, telemetry, redeclare }: Surroundings,
    onLost: () => void,
  ): Promise<HeldLane | null> {
    let channel: Channel | null = null;
    try {
      channel = await model.createChannel();
      const held = new HeldLane(channel, onLost);
      channel.on('error', (error) => telemetry.log.debug({ reason: messageOf(error) }, 'lane not granted'));
      channel.on('close', onLost);
      await channel.prefetch(lane.queue.prefetch);
      const context = { name: lane.name, queue: lane.queue, telemetry };
      await channel.consume(
        names.lane(lane.name, lane.lane),
        (message) => {
          if (message === null) onLost();
          else
            held.enqueue(async () => {
              await handleOnce(fromFrame(message), 1, handler, context);
              acknowledge(held.channel, message, telemetry);
            });
        },
        { exclusive: true },
      );
      return held;
    } catch (error) {
      telemetry.log.debug({ lane: lane.lane, reason: messageOf(error) }, 'lane not taken');
      if (channel !== null) await endsWithin(channel.close(), CLOSE_TIMEOUT_MS);
      if ((error as { code?: unknown }).code === NOT_FOUND) await endsWithin(redeclare(), CLOSE_TIMEOUT_MS);
      return null;
    }
  }

  private enqueue(handle: () => Promise<void>): void {
    this.last = this.last.then(() => (this.releasing ? undefined : handle()));
  }

  /** Finishes the message in hand, at most so long, and only then lets the lane go. */
  async release(timeoutMs: number): Promise<void> {
    this.releasing = true;
    await endsWithin(this.last, timeoutMs);
    await endsWithin(this.channel.close(), CLOSE_TIMEOUT_MS);
  }

  /** The message in hand when its connection was lost. */
  async ended(timeoutMs: number): Promise<void> {
    this.releasing = true;
    await endsWithin(this.last, timeoutMs);
  }
}
