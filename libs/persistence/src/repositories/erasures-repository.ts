import type { Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

/** What an erasure destroyed. Names nobody. */
export interface Erasure {
  readonly erasedAt: Instant;
  /** How many of what were destroyed, e.g. `{ templates: 3 }`. */
  readonly destroyed: Readonly<Record<string, number>>;
}

interface ErasureDocument extends Document, Erasure {}

const ERASURES: CollectionSpec = { name: 'erasures', indexes: [] };

/** Erasures by the customer's id, so that asking twice gives the same certificate. */
export class ErasuresRepository {
  private readonly erasures: Collection<ErasureDocument>;

  constructor(store: DocumentStore) {
    this.erasures = store.collection<ErasureDocument>(ERASURES);
  }

  /** @returns null when the customer was not erased */
  async get(customerId: string): Promise<Erasure | null> {
    const document = await this.erasures.get(customerId);
    return document && { erasedAt: document.erasedAt, destroyed: document.destroyed };
  }

  /** Keeps the first erasure of a customer.
   *  @returns the one that is kept */
  async keep(customerId: string, erasure: Erasure): Promise<Erasure> {
    const isFirst = await this.erasures.insertOnce({ _id: customerId, ...erasure });
    return isFirst ? erasure : ((await this.get(customerId)) ?? erasure);
  }
}
