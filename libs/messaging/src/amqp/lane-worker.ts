import { type LaneQueue, type QueueName } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import type { Handler } from '../broker.js';
import { endsWithin, InHand } from '../in-hand.js';
import { lanesFor } from '../lanes.js';
import { Roster } from '../roster.js';
import { Signal } from '../signal.js';
import type { ConsumerOptions } from './consumer.js';
import { HeldLane } from './held-lane.js';
import type { Surroundings } from './incoming.js';

const BEAT_MS = 1_000;
/** How long a new worker listens for the others before it takes its first lanes. */
const LISTEN_MS = 150;
/** Pause between attempts at a lane that its former holder has not let go yet. */
const RETRY_MS = 200;
const RELEASE_MS = 10_000;

/** `hello`: answer at once, I am new. `beat`: I am alive. `gone`: do not wait for me. */
type Sign = 'hello' | 'beat' | 'gone';

/** A worker that takes part in sharing out the lanes of a queue. Every worker tells the others once a second
 *  that it is alive; each computes from those names alone which lanes are its own, takes them and lets the
 *  others go. Should two disagree for a while, the broker still grants each lane to one of them only. */
export class LaneWorker {
  readonly id = newId('req');
  private model: ChannelModel | null = null;
  private closing = false;
  private counted = 0;
  private readonly held = new Map<number, HeldLane>();
  private readonly ending = new InHand();
  private readonly roster = new Roster();
  private readonly changed = new Signal();
  private running: Promise<void> = Promise.resolve();
  private readonly beating: NodeJS.Timeout;

  constructor(
    private readonly name: QueueName,
    private readonly queue: LaneQueue,
    private readonly handler: Handler,
    private readonly surroundings: Surroundings,
  ) {
    this.beating = setInterval(() => this.sign('beat'), BEAT_MS);
  }

  /** How it hears the other workers. */
  get consumer(): ConsumerOptions {
    const { names, redeclare } = this.surroundings;
    return {
      prefetch: 0,
      redeclare,
      consume: { exclusive: true, noAck: true },
      queue: async (channel) => {
        const queue = names.replica(`${this.name}.workers`, this.id);
        const options = { exclusive: true, durable: false, autoDelete: true, maxLength: 1_000 };
        await channel.assertQueue(queue, options);
        await channel.bindQueue(queue, names.workers, this.name);
        return queue;
      },
      onMessage: async (message) => this.hear(message),
    };
  }

  private hear({ properties }: ConsumeMessage): void {
    const worker = String(properties.appId);
    const sign = properties.type as Sign;
    if (worker === this.id) return;
    if (sign === 'gone') this.roster.gone(worker);
    else if (!this.roster.heard(worker, performance.now()) && sign !== 'hello') return;
    if (sign === 'hello') this.sign('beat');
    this.changed.notify();
  }

  private sign(sign: Sign): void {
    const { names, outgoing } = this.surroundings;
    const options = { appId: this.id, type: sign, expiration: BEAT_MS };
    if (this.model !== null) {
      outgoing.publishNewest(names.workers, this.name, { content: Buffer.alloc(0), options });
    }
    this.changed.notify();
  }

  /** Begins on a fresh connection. */
  open(model: ChannelModel): void {
    this.model = model;
    this.roster.clear();
    this.running = this.run(model);
  }

  lost(): void {
    this.model = null;
    for (const lane of this.held.values()) void this.ending.track(lane.ended(RELEASE_MS));
    this.held.clear();
    this.count();
    this.changed.notify();
  }

  private async run(model: ChannelModel): Promise<void> {
    this.sign('hello');
    await delay(LISTEN_MS);
    while (this.model === model && !this.closing) {
      const wanted = lanesFor(this.id, [this.id, ...this.roster.alive(performance.now())], this.queue.lanes);
      const complete = await this.become(wanted, model);
      if (this.model !== model || this.closing) return;
      await endsWithin(this.changed.wait(), complete ? BEAT_MS : RETRY_MS);
    }
  }

  /** Lets go what is not wanted, takes what is.
   *  @returns whether it holds all that it wants */
  private async become(wanted: readonly number[], model: ChannelModel): Promise<boolean> {
    const leaving = [...this.held].filter(([lane]) => !wanted.includes(lane));
    for (const [lane, held] of leaving) {
      this.held.delete(lane);
      void this.ending.track(held.release(RELEASE_MS));
    }
    const missing = wanted.filter((lane) => !this.held.has(lane));
    await Promise.all(missing.map((lane) => this.take(lane, model)));
    if (leaving.length > 0 || missing.length > 0) this.count();
    return wanted.every((lane) => this.held.has(lane));
  }

  private async take(lane: number, model: ChannelModel): Promise<void> {
    const { name, queue, handler, surroundings } = this;
    const onLost = () => {
      if (taken !== null && this.held.get(lane) === taken) this.held.delete(lane);
      this.changed.notify();
    };
    let taken: HeldLane | null = null;
    taken = await HeldLane.take(model, { name, queue, lane }, handler, surroundings, onLost);
    if (taken === null) return;
    if (this.model === model && !this.closing) this.held.set(lane, taken);
    else await taken.release(RELEASE_MS);
  }

  private count(): void {
    const { meter, log } = this.surroundings.telemetry;
    if (this.held.size === this.counted) return;
    this.counted = this.held.size;
    meter.set('regulars_lanes_held', this.held.size, { worker: this.id });
    log.info({ queue: this.name, worker: this.id, lanes: this.held.size }, 'lanes held');
  }

  /** Finishes what is in hand, lets all lanes go and tells the others. */
  async close(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    this.closing = true;
    clearInterval(this.beating);
    this.changed.notify();
    await endsWithin(this.running, timeoutMs);
    const left = [...this.held.values()];
    this.held.clear();
    await Promise.all(left.map((lane) => lane.release(until - performance.now())));
    await this.ending.ended(until - performance.now());
    this.sign('gone');
    this.count();
  }
}
