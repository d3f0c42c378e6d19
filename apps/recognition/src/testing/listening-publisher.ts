import { type EventDefinition, type PayloadOf, TransientError } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';

/** An event as it was published; `eventId` only for those that count. */
export interface Published {
  readonly key: string;
  readonly eventId: string | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Keeps what is published, and fails while it is told to. */
export class ListeningPublisher implements Publisher {
  readonly events: Published[] = [];
  isAway = false;

  async publish<E extends EventDefinition>(event: E, payload: PayloadOf<E>, options?: { eventId?: string }) {
    if (this.isAway) throw new TransientError('OUTBOX_FULL');
    this.events.push({ key: event.key, eventId: options?.eventId, payload });
  }

  publishNewest<E extends EventDefinition>(event: E, payload: PayloadOf<E>): boolean {
    this.events.push({ key: event.key, eventId: undefined, payload });
    return true;
  }

  of(key: string) {
    return this.events.filter((event) => event.key === key).map((event) => event.payload);
  }
}
