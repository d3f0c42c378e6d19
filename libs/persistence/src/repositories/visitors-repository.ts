import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

interface VisitorDocument extends Document {
  readonly revision: number;
}

const VISITORS: CollectionSpec = { name: 'visitors', indexes: [] };

const keyOf = (storeId: string, visitorKey: string) => `${storeId}/${visitorKey}`;

/** Puts the changes of one visitor's visits in order over all replicas: whoever raises the revision may write,
 *  and looks afterwards whether somebody else raised it in between. */
export class VisitorsRepository {
  private readonly visitors: Collection<VisitorDocument>;

  constructor(store: DocumentStore) {
    this.visitors = store.collection<VisitorDocument>(VISITORS);
  }

  /** @returns 0 for a visitor who was never written */
  async revisionOf(storeId: string, visitorKey: string): Promise<number> {
    return (await this.visitors.get(keyOf(storeId, visitorKey)))?.revision ?? 0;
  }

  /** @returns false when somebody else raised it since it was read */
  async raise(storeId: string, visitorKey: string, readRevision: number): Promise<boolean> {
    const _id = keyOf(storeId, visitorKey);
    if (readRevision === 0) return this.visitors.insertOnce({ _id, revision: 1 });
    const options = { where: { revision: readRevision } };
    return (await this.visitors.update(_id, { inc: { revision: 1 } }, options)) !== null;
  }
}
