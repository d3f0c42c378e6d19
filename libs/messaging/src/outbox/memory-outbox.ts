import type { Message, Outbox } from '../broker.js';

/** An outbox that dies with its process: for tests, and for services that publish nothing that counts. */
export class MemoryOutbox implements Outbox {
  private readonly kept = new Map<string, Message>();

  async keep(message: Message): Promise<void> {
    if (!this.kept.has(message.eventId)) this.kept.set(message.eventId, structuredClone(message));
  }

  async oldest(limit: number): Promise<readonly Message[]> {
    return [...this.kept.values()].slice(0, limit).map((message) => structuredClone(message));
  }

  async forget(eventId: string): Promise<void> {
    this.kept.delete(eventId);
  }

  async size(): Promise<number> {
    return this.kept.size;
  }
}
