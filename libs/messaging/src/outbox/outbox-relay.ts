import { AsyncResource } from 'node:async_hooks';
import { messageOf, type MetricName, type Telemetry } from '@regulars/contracts';
import { backoffMs } from '../backoff.js';
import type { Broker, Message, Outbox } from '../broker.js';
import { endsWithin, InHand } from '../in-hand.js';
import { Signal } from '../signal.js';

const BACKOFF = { firstMs: 100, longestMs: 5_000 };
/** Events read from the outbox at a time. */
const BATCH = 200;
/** Events given to the broker and not yet taken; with MemoryBroker these include events waiting for a retry. */
const MOST_IN_FLIGHT = 2_000;
/** Events held in memory because the outbox did not take them. */
const MOST_HELD = 1_000;
/** How often somebody looks for events that a dead replica left in a shared outbox. */
const SWEEP_MS = 60_000;
/** Longest wait for the broker with one event. */
const LONGEST_WAIT_MS = 5_000;

/** Moves events from the outbox to the broker, in the order they were kept as far as the broker takes them.
 *  By itself it serves a document that is its own outbox entry; for all else there is OutboxPublisher. */
export class OutboxRelay {
  /** Events in the outbox, as far as known here; other replicas may share it. */
  kept = 0;
  private readonly inFlight = new Map<string, Promise<void>>();
  private readonly held = new Map<string, Message>();
  private readonly work = new InHand();
  /** Something may wait in the outbox: new events queue behind it. */
  private behind = true;
  private arrived = false;
  /** The last attempt to give an event to the broker failed. */
  private failing = false;
  /** The event that such attempts are made with; it was counted as kept before. */
  private probing = '';
  private outboxAway = false;
  private attempts = 0;
  private stopped = false;
  private sweptBefore: ReadonlySet<string> = new Set();
  private readonly arrival = new Signal();
  private readonly room = new Signal();
  private readonly idle = new Signal();
  private readonly stop = new Signal();
  private readonly sweeping: NodeJS.Timeout;
  /** Bound to where the relay was made: an event published by a handler is no part of that handler's work. */
  private readonly give: (message: Message) => Promise<void>;

  constructor(
    private readonly broker: Broker,
    private readonly outbox: Pick<Outbox, 'oldest' | 'forget' | 'size'>,
    private readonly telemetry: Telemetry,
    private readonly gauge: MetricName = 'regulars_outbox_events',
  ) {
    this.give = AsyncResource.bind((message: Message) => this.giveOnce(message));
    this.sweeping = setInterval(() => void this.work.track(this.sweep()), SWEEP_MS);
    this.sweeping.unref();
    void this.work.track(this.run());
  }

  /** Takes an event that the outbox keeps. */
  sendKept(message: Message): void {
    this.setKept(this.kept + 1);
    if (!this.behind && this.inFlight.size < MOST_IN_FLIGHT) void this.send(message);
    else {
      if (this.failing) this.count(message.key, 'kept');
      this.arrive();
    }
  }

  /** Takes an event that the outbox did not keep, and waits a while for the broker to have it.
   *  @returns false when no more can be held */
  async sendUnkept(message: Message): Promise<boolean> {
    if (this.held.size >= MOST_HELD) return false;
    this.held.set(message.eventId, message);
    await endsWithin(this.send(message), LONGEST_WAIT_MS);
    return true;
  }

  async close(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    if (this.behind && !this.failing && !this.outboxAway) await endsWithin(this.idle.wait(), timeoutMs);
    this.stopped = true;
    clearInterval(this.sweeping);
    for (const signal of [this.arrival, this.room, this.stop]) signal.notify();
    await this.work.ended(until - performance.now());
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.arrived = false;
      const waiting = await this.waiting();
      if (!this.failing) await this.sendAll(waiting);
      if (this.failing || this.outboxAway) {
        await this.pause();
        if (this.failing && !this.stopped) await this.probe(waiting[0]);
      } else if (waiting.length === 0 && !this.arrived) {
        this.attempts = 0;
        this.behind = false;
        this.idle.notify();
        if (!this.stopped) await this.arrival.wait();
      }
    }
  }

  private async sendAll(waiting: readonly Message[]): Promise<void> {
    for (const message of waiting) {
      while (this.inFlight.size >= MOST_IN_FLIGHT && !this.stopped) await this.room.wait();
      if (this.stopped || this.failing) return;
      void this.send(message);
    }
  }

  /** While something is away. */
  private async pause(): Promise<void> {
    this.idle.notify();
    if (!this.stopped) await endsWithin(this.stop.wait(), backoffMs(BACKOFF, ++this.attempts, Math.random()));
  }

  /** Tries with one event whether the broker takes any again. */
  private async probe(oldest: Message | undefined): Promise<void> {
    if (oldest === undefined) this.failing = false;
    else {
      this.probing = oldest.eventId;
      await endsWithin(this.send(oldest), LONGEST_WAIT_MS);
    }
  }

  /** Events that nobody here is sending, oldest first. */
  private async waiting(): Promise<readonly Message[]> {
    const sending = new Set(this.inFlight.keys());
    const isWaiting = ({ eventId }: Message) => !sending.has(eventId) && !this.inFlight.has(eventId);
    try {
      const oldest = await this.outbox.oldest(BATCH + sending.size);
      this.setKept(await this.outbox.size());
      this.outboxAway = false;
      return [...oldest, ...this.held.values()].filter(isWaiting);
    } catch (error) {
      if (!this.outboxAway) this.telemetry.log.warn({ reason: messageOf(error) }, 'outbox away');
      this.outboxAway = true;
      return [...this.held.values()].filter(isWaiting);
    }
  }

  private send(message: Message): Promise<void> {
    const { eventId } = message;
    const known = this.inFlight.get(eventId);
    if (known !== undefined) return known;
    const given = this.work.track(this.give(message)).finally(() => {
      this.inFlight.delete(eventId);
      this.room.notify();
    });
    this.inFlight.set(eventId, given);
    return given;
  }

  /** Never throws. */
  private async giveOnce(message: Message): Promise<void> {
    const { eventId, key } = message;
    try {
      await this.broker.publish(message);
    } catch (error) {
      if (!this.failing)
        this.telemetry.log.warn({ event: key, reason: messageOf(error) }, 'events kept for later');
      this.failing = true;
      if (eventId !== this.probing) this.count(key, 'kept');
      this.arrive();
      return;
    }
    if (this.failing) this.telemetry.log.info({ waiting: this.kept }, 'events are sent again');
    this.failing = false;
    this.count(key, 'sent');
    if (!this.held.delete(eventId)) await this.forget(eventId);
  }

  private async forget(eventId: string): Promise<void> {
    try {
      await this.outbox.forget(eventId);
      this.setKept(Math.max(0, this.kept - 1));
    } catch (error) {
      // It stays and is sent once more by the sweep, under the same eventId.
      this.telemetry.log.warn({ eventId, reason: messageOf(error) }, 'event not forgotten');
    }
  }

  private arrive(): void {
    this.behind = true;
    this.arrived = true;
    this.arrival.notify();
  }

  private async sweep(): Promise<void> {
    if (this.behind) return;
    const left = await this.waiting();
    if (left.some(({ eventId }) => this.sweptBefore.has(eventId))) this.arrive();
    this.sweptBefore = new Set(left.map(({ eventId }) => eventId));
  }

  private count(event: string, result: 'sent' | 'kept'): void {
    this.telemetry.meter.count('regulars_messages_published_total', { event, result });
  }

  private setKept(kept: number): void {
    this.kept = kept;
    this.telemetry.meter.set(this.gauge, kept);
  }
}
