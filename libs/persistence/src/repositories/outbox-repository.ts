import type { Instant, ServiceName } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { GroupCommit } from '../group-commit.js';

/** A message as it is kept; the same shape as in libs/messaging. */
export interface KeptMessage {
  readonly eventId: string;
  readonly key: string;
  readonly producer: ServiceName;
  readonly happenedAt: Instant;
  readonly payload: unknown;
  readonly body?: Uint8Array;
}

interface OutboxDocument extends Document {
  readonly service: ServiceName;
  /** Rises with each event that is kept. */
  readonly order: number;
  readonly eventId: string;
  readonly key: string;
  readonly producer: ServiceName;
  readonly happenedAt: Instant;
  /** JSON text: a payload may have keys that a document may not. */
  readonly payload: string;
  readonly body?: Uint8Array;
}

const OUTBOX: CollectionSpec = { name: 'outbox', indexes: [{ name: 'order', fields: ['service', 'order'] }] };
/** Order is microseconds since 1970, so that what is kept after a restart comes after what was kept before. */
const ORDER_PER_MS = 1_000;
const PAGE = 500;

/** Events of one service that the broker has not taken yet. */
export class OutboxRepository {
  private readonly outbox: Collection<OutboxDocument>;
  private readonly keeps: GroupCommit<OutboxDocument, boolean>;
  private readonly forgets: GroupCommit<string, undefined>;
  private lastOrder: Promise<number> | null = null;

  constructor(
    store: DocumentStore,
    private readonly service: ServiceName,
    private readonly now: () => number = Date.now,
  ) {
    this.outbox = store.collection(OUTBOX);
    this.keeps = new GroupCommit((documents) => this.outbox.insertAllOnce(documents));
    this.forgets = new GroupCommit(async (ids) => {
      await this.outbox.bulk(ids.map((id) => ({ kind: 'delete', id })));
      return ids.map(() => undefined);
    });
  }

  private async newestOrder(): Promise<number> {
    const sort = [['order', 'desc']] as const;
    const { items } = await this.outbox.find({ where: { service: this.service }, sort, limit: 1 });
    return items[0]?.order ?? 0;
  }

  /** Later than all before, although the clock may have been put back since. */
  private async nextOrder(): Promise<number> {
    const before = this.lastOrder ?? this.newestOrder();
    const next = before.then((last) => Math.max(last + 1, this.now() * ORDER_PER_MS));
    this.lastOrder = next;
    try {
      return await next;
    } catch (error) {
      this.lastOrder = null;
      throw error;
    }
  }

  private idOf(eventId: string): string {
    return `${this.service} ${eventId}`;
  }

  /** Keeps an event; keeping the same eventId twice changes nothing. */
  async keep(message: KeptMessage): Promise<void> {
    const { eventId, key, producer, happenedAt, payload, body } = message;
    await this.keeps.add({
      _id: this.idOf(eventId),
      service: this.service,
      order: await this.nextOrder(),
      eventId,
      key,
      producer,
      happenedAt,
      payload: JSON.stringify(payload ?? null),
      body,
    });
  }

  /** The oldest kept events, in the order they were kept. @param limit at least 1 */
  async oldest(limit: number): Promise<readonly KeptMessage[]> {
    const items: OutboxDocument[] = [];
    const sort = [['order', 'asc']] as const;
    for await (const document of this.outbox.each({ where: { service: this.service }, sort, limit: PAGE })) {
      items.push(document);
      if (items.length >= limit) break;
    }
    return items.map(({ eventId, key, producer, happenedAt, payload, body }) => {
      return {
        eventId,
        key,
        producer,
        happenedAt,
        payload: JSON.parse(payload) as unknown,
        ...(body && { body }),
      };
    });
  }

  async forget(eventId: string): Promise<void> {
    await this.forgets.add(this.idOf(eventId));
  }

  size(): Promise<number> {
    return this.outbox.count({ service: this.service });
  }
}
