import type { Instant, SaleResult } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

interface WebhookDocument extends Document {
  readonly provider: string;
  readonly type: string;
  readonly receivedAt: Instant;
  readonly result: SaleResult | 'kept';
  /** The message itself, JSON text, where its type is not understood. */
  readonly body?: string;
}

const WEBHOOKS: CollectionSpec = {
  name: 'webhooks',
  indexes: [
    { name: 'age', fields: ['receivedAt'] },
    { name: 'provider', fields: ['provider', 'receivedAt'] },
  ],
};

export interface WebhookEvent {
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  readonly receivedAt: Instant;
  readonly result: SaleResult | 'kept';
  readonly body?: string;
}

/** Events that providers of webhooks sent: so that each is handled once, and so that those of unknown types can
 *  be looked at. Kept for a bounded time. */
export class WebhookEventsRepository {
  private readonly events: Collection<WebhookDocument>;

  constructor(store: DocumentStore) {
    this.events = store.collection(WEBHOOKS);
  }

  async isKnown(provider: string, eventId: string): Promise<boolean> {
    return (await this.events.get(`${provider} ${eventId}`)) !== null;
  }

  /** @returns whether it was new */
  keep({ eventId, ...event }: WebhookEvent): Promise<boolean> {
    return this.events.insertOnce({ _id: `${event.provider} ${eventId}`, ...event });
  }

  /** Newest first, at most 1,000. */
  async newest(provider: string, limit: number): Promise<WebhookEvent[]> {
    const sort = [['receivedAt', 'desc']] as const;
    const { items } = await this.events.find({ where: { provider }, sort, limit });
    return items.map(({ _id, ...event }) => ({ eventId: _id.slice(event.provider.length + 1), ...event }));
  }

  /** Retention. @returns how many */
  deleteBefore(instant: Instant): Promise<number> {
    return this.events.deleteWhere({ receivedAt: { lt: instant } });
  }
}
