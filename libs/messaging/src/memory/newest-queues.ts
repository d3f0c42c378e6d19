import type { BroadcastQueue, LaneQueue, NewestQueue } from '@regulars/contracts';
import { laneOf } from '@regulars/contracts';
import { handleBroadcast } from '../broadcast.js';
import type { Handler, Subscription } from '../broker.js';
import type { Envelope } from '../envelope.js';
import { handleOnce, type HandlingContext } from '../handling.js';
import { InHand, Worker } from '../in-hand.js';
import { ownersOfLanes } from '../lanes.js';
import { NewestBuffer } from './newest-buffer.js';

type Context<Queue> = HandlingContext & { readonly queue: Queue };

/** Every subscription gets every message; one that falls behind loses its oldest. */
export class MemoryBroadcastQueue {
  private readonly replicas = new Map<Worker, NewestBuffer>();

  constructor(private readonly context: Context<BroadcastQueue>) {}

  accept(envelope: Envelope): void {
    for (const [worker, buffer] of this.replicas) {
      buffer.push(envelope);
      worker.wake();
    }
  }

  subscribe(handler: Handler): Subscription {
    const { name, queue, telemetry } = this.context;
    const buffer = new NewestBuffer(queue.maxLength, Infinity, ({ key }) =>
      telemetry.log.debug({ queue: name, event: key }, 'message dropped by a slow replica'),
    );
    const worker = new Worker(queue.prefetch, () => {
      const envelope = buffer.take();
      return envelope && (() => handleBroadcast(envelope, handler, this.context));
    });
    this.replicas.set(worker, buffer);
    return {
      close: async (timeoutMs) => {
        this.replicas.delete(worker);
        await worker.close(timeoutMs);
      },
    };
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.replicas.keys()].map((worker) => worker.close(timeoutMs)));
  }
}

/** Shared by its consumers; the oldest messages are dropped. */
export class MemoryNewestQueue {
  private readonly buffer: NewestBuffer;
  private readonly workers = new Set<Worker>();

  constructor(
    private readonly context: Context<NewestQueue>,
    onDrop: (envelope: Envelope) => void,
  ) {
    this.buffer = new NewestBuffer(context.queue.maxLength, context.queue.ttlMs, onDrop);
  }

  accept(envelope: Envelope): void {
    this.buffer.push(envelope);
    for (const worker of this.workers) worker.wake();
  }

  subscribe(handler: Handler): Subscription {
    const worker = new Worker(this.context.queue.prefetch, () => {
      const envelope = this.buffer.take();
      return envelope && (async () => void (await handleOnce(envelope, 1, handler, this.context)));
    });
    this.workers.add(worker);
    worker.wake();
    return {
      close: async (timeoutMs) => {
        this.workers.delete(worker);
        await worker.close(timeoutMs);
      },
    };
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close(timeoutMs)));
  }
}

interface LaneHolder {
  readonly handler: Handler;
  readonly inHand: InHand;
}

/** Lanes of cameras shared out over the subscriptions; a lane's messages are handled one after the other, and
 *  a lane changes hands only between two of them. */
export class MemoryLanesQueue {
  private readonly lanes: readonly { buffer: NewestBuffer; worker: Worker }[];
  private readonly holders = new Map<string, LaneHolder>();
  private owners: readonly string[] = [];
  private subscriptions = 0;

  constructor(
    private readonly context: Context<LaneQueue>,
    onDrop: (envelope: Envelope) => void,
  ) {
    const { lanes, maxLength, ttlMs } = context.queue;
    this.lanes = Array.from({ length: lanes }, (_, lane) => {
      const buffer = new NewestBuffer(maxLength, ttlMs, onDrop);
      return { buffer, worker: new Worker(1, () => this.next(lane, buffer)) };
    });
  }

  accept(envelope: Envelope): void {
    const { cameraId } = JSON.parse(envelope.json) as { cameraId?: unknown };
    const lane = this.lanes[laneOf(String(cameraId), this.lanes.length)];
    lane?.buffer.push(envelope);
    lane?.worker.wake();
  }

  private next(lane: number, buffer: NewestBuffer): (() => Promise<void>) | undefined {
    const holder = this.holders.get(this.owners[lane] ?? '');
    const envelope = holder && buffer.take();
    if (holder === undefined || envelope === undefined) return undefined;
    const handled = async () => void (await handleOnce(envelope, 1, holder.handler, this.context));
    return () => holder.inHand.track(handled());
  }

  private share(): void {
    this.owners = ownersOfLanes([...this.holders.keys()], this.lanes.length);
    for (const [worker] of this.holders) {
      const held = this.owners.filter((owner) => owner === worker).length;
      this.context.telemetry.meter.set('regulars_lanes_held', held, { worker });
    }
    for (const { worker } of this.lanes) worker.wake();
  }

  subscribe(handler: Handler): Subscription {
    const name = `worker-${++this.subscriptions}`;
    const holder = { handler, inHand: new InHand() };
    this.holders.set(name, holder);
    this.share();
    return {
      close: async (timeoutMs) => {
        this.holders.delete(name);
        this.context.telemetry.meter.set('regulars_lanes_held', 0, { worker: name });
        this.share();
        await holder.inHand.ended(timeoutMs);
      },
    };
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all(this.lanes.map(({ worker }) => worker.close(timeoutMs)));
  }
}
