import { messageOf, type Telemetry, TransientError } from '@regulars/contracts';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { InHand } from '../in-hand.js';
import type { Frame } from './wire.js';

/** Longest wait for the broker's confirm. */
const CONFIRM_MS = 10_000;
/** Buffers of the channel for newest messages, two for a picture: beyond that they are dropped, not queued. */
const NEWEST_BUFFERS = 16;

interface Channels {
  readonly confirms: ConfirmChannel;
  readonly newest: Channel;
}

/** The publishing side of a connection. */
export class Outgoing {
  private channels: Channels | null = null;
  private isFull = false;
  private returned = new Set<string>();
  private readonly unconfirmed = new InHand();

  constructor(
    private readonly telemetry: Telemetry,
    /** Why nothing can be sent now, or null. */
    private readonly fault: () => string | null,
    /** A message that must reach a queue found none. */
    private readonly onUnroutable: () => void,
  ) {}

  async open(model: ChannelModel): Promise<void> {
    const confirms = await model.createConfirmChannel();
    const newest = await model.createChannel({ highWaterMark: NEWEST_BUFFERS });
    const channels = { confirms, newest };
    for (const channel of [confirms, newest]) {
      channel.on('error', (error) => this.telemetry.log.warn({ reason: messageOf(error) }, 'channel closed'));
      // Without its channels the connection is of no use: it is closed, and made anew by its link.
      channel.on('close', () => setImmediate(() => this.giveUp(channels, model)));
    }
    confirms.on('return', ({ properties }) => this.returned.add(String(properties.messageId)));
    newest.on('drain', () => (this.isFull = false));
    this.isFull = false;
    this.returned = new Set();
    this.channels = channels;
  }

  private giveUp(channels: Channels, model: ChannelModel): void {
    if (this.channels !== channels) return;
    this.channels = null;
    model.close().catch((error: unknown) => {
      this.telemetry.log.debug({ reason: messageOf(error) }, 'connection was closed already');
    });
  }

  lost(): void {
    this.channels = null;
  }

  /** Sends and waits until the broker has confirmed, at most ten seconds.
   *  @throws TransientError BROKER_UNAVAILABLE (not sent, or lost with the connection) or BROKER_REFUSED (nacked,
   *    unroutable though mandatory, or not confirmed in time) */
  publish(exchange: string, key: string, { content, options }: Frame): Promise<void> {
    const fault = this.fault();
    const { channels } = this;
    if (fault !== null || channels === null) {
      return Promise.reject(new TransientError('BROKER_UNAVAILABLE', { reason: fault ?? 'reconnecting' }));
    }
    const confirmed = new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new TransientError('BROKER_REFUSED', { reason: 'no confirm', waitedMs: CONFIRM_MS })),
        CONFIRM_MS,
      );
      const onConfirm = (error: unknown) => {
        clearTimeout(late);
        const refusal = this.refusalOf(error, options.messageId);
        if (refusal === null) resolve();
        else reject(refusal);
      };
      try {
        channels.confirms.publish(exchange, key, content, options, onConfirm);
      } catch (cause) {
        clearTimeout(late);
        reject(new TransientError('BROKER_UNAVAILABLE', { reason: messageOf(cause) }, { cause }));
      }
    });
    return this.unconfirmed.track(confirmed);
  }

  private refusalOf(error: unknown, messageId: string | undefined): TransientError | null {
    const wasReturned = this.returned.delete(String(messageId));
    if (error !== null && error !== undefined) {
      const code = messageOf(error) === 'channel closed' ? 'BROKER_UNAVAILABLE' : 'BROKER_REFUSED';
      return new TransientError(code, { reason: messageOf(error) }, { cause: error });
    }
    if (!wasReturned) return null;
    this.onUnroutable();
    return new TransientError('BROKER_REFUSED', { reason: 'no queue takes it' });
  }

  /** Sends without waiting or confirm.
   *  @returns false when it was dropped: away, blocked, or the socket does not take what was sent before */
  publishNewest(exchange: string, key: string, { content, options }: Frame): boolean {
    if (this.channels === null || this.fault() !== null || this.isFull) return false;
    try {
      this.isFull = !this.channels.newest.publish(exchange, key, content, options);
      return true;
    } catch (error) {
      this.telemetry.log.debug({ reason: messageOf(error) }, 'message dropped');
      return false;
    }
  }

  /** Waits for the confirms of what was sent. */
  async drain(timeoutMs: number): Promise<boolean> {
    return this.unconfirmed.ended(timeoutMs);
  }
}
