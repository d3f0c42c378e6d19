import { messageOf, type Telemetry } from '@regulars/contracts';
import type { Channel, ChannelModel, ConsumeMessage, Options } from 'amqplib';
import { backoffMs } from '../backoff.js';
import { endsWithin, InHand } from '../in-hand.js';
import { Signal } from '../signal.js';

const BACKOFF = { firstMs: 50, longestMs: 5_000 };
const CLOSE_TIMEOUT_MS = 1_000;

export interface ConsumerOptions {
  readonly prefetch: number;
  readonly consume?: Options.Consume;
  /** Makes the queue if it is this consumer's own.
   *  @returns the name of the queue to consume */
  readonly queue: (channel: Channel) => Promise<string>;
  /** Handles a message and acknowledges it on the channel. Never throws. */
  readonly onMessage: (message: ConsumeMessage, channel: Channel) => Promise<void>;
  /** Declares the topology anew, after a queue vanished. */
  readonly redeclare: () => Promise<void>;
}

/** Acknowledges, if the channel is still there; if not, the broker delivers the message again. */
export function acknowledge(channel: Channel, message: ConsumeMessage, telemetry: Telemetry): void {
  try {
    channel.ack(message);
  } catch (error) {
    telemetry.log.debug({ reason: messageOf(error) }, 'acknowledgement lost with its channel');
  }
}

/** Gives a message back to its queue, if the channel is still there; if not, the broker does that. */
export function giveBack(channel: Channel, message: ConsumeMessage, telemetry: Telemetry): void {
  try {
    channel.nack(message, false, true);
  } catch (error) {
    telemetry.log.debug({ reason: messageOf(error) }, 'message given back by the broker');
  }
}

/** Consumes one queue on a channel of its own, and does so again whenever the channel, the connection or the
 *  queue itself was lost. */
export class Consumer {
  private channel: Channel | null = null;
  private consumerTag = '';
  private model: ChannelModel | null = null;
  private closing = false;
  private reopening: ChannelModel | null = null;
  private readonly inHand = new InHand();
  private readonly stop = new Signal();

  constructor(
    private readonly options: ConsumerOptions,
    private readonly telemetry: Telemetry,
  ) {}

  get isOpen(): boolean {
    return this.channel !== null;
  }

  /** Begins on a fresh connection; failures are tried again until the connection is lost. */
  async open(model: ChannelModel): Promise<void> {
    this.model = model;
    this.channel = null;
    await this.reopen(model);
  }

  lost(): void {
    this.model = null;
    this.channel = null;
  }

  private async reopen(model: ChannelModel): Promise<void> {
    if (this.reopening === model) return;
    this.reopening = model;
    try {
      for (let failures = 1; !this.closing && this.model === model && this.channel === null; failures++) {
        if (await this.begin(model)) return;
        await endsWithin(this.stop.wait(), backoffMs(BACKOFF, failures, Math.random()));
        if (this.model === model && !this.closing) await this.redeclare();
      }
    } finally {
      if (this.reopening === model) this.reopening = null;
    }
  }

  private async redeclare(): Promise<void> {
    try {
      await this.options.redeclare();
    } catch (error) {
      this.telemetry.log.warn({ reason: messageOf(error) }, 'topology not declared');
    }
  }

  private async begin(model: ChannelModel): Promise<boolean> {
    let channel: Channel | null = null;
    try {
      channel = await model.createChannel();
      const opened = channel;
      channel.on('error', (error) =>
        this.telemetry.log.debug({ reason: messageOf(error) }, 'channel closed'),
      );
      channel.on('close', () => this.onLost(opened, model));
      await channel.prefetch(this.options.prefetch);
      const queue = await this.options.queue(channel);
      if (this.model !== model || this.closing) throw new Error('connection lost meanwhile');
      this.channel = channel;
      const { consumerTag } = await channel.consume(
        queue,
        (message) => this.onDelivery(message, opened, model),
        this.options.consume,
      );
      this.consumerTag = consumerTag;
      return true;
    } catch (error) {
      if (this.channel === channel) this.channel = null;
      this.telemetry.log.warn({ reason: messageOf(error) }, 'queue not consumed');
      if (channel !== null) await endsWithin(channel.close(), CLOSE_TIMEOUT_MS);
      return false;
    }
  }

  private onDelivery(message: ConsumeMessage | null, channel: Channel, model: ChannelModel): void {
    if (message === null) {
      this.telemetry.log.warn({}, 'queue deleted under its consumer');
      this.channel = null;
      void this.inHand.track(this.reopenAfter(channel, model));
    } else if (!this.closing) void this.inHand.track(this.options.onMessage(message, channel));
  }

  private async reopenAfter(channel: Channel, model: ChannelModel): Promise<void> {
    await endsWithin(channel.close(), CLOSE_TIMEOUT_MS);
    await this.redeclare();
    await this.reopen(model);
  }

  private onLost(channel: Channel, model: ChannelModel): void {
    if (this.channel !== channel) return;
    this.channel = null;
    if (this.model === model && !this.closing) void this.inHand.track(this.reopen(model));
  }

  /** Takes nothing further, waits for what is in hand, at most so long; the rest goes back to the queue. */
  async close(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    this.closing = true;
    this.stop.notify();
    const { channel } = this;
    if (channel !== null) await endsWithin(channel.cancel(this.consumerTag), timeoutMs);
    await this.inHand.ended(until - performance.now());
    this.channel = null;
    if (channel !== null) await endsWithin(channel.close(), CLOSE_TIMEOUT_MS);
  }
}
