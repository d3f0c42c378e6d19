import { type Instant, PseudonymChangeView } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';

const ChangeDocument = z.strictObject({
  ...PseudonymChangeView.omit({ changeId: true }).shape,
  _id: PseudonymChangeView.shape.changeId,
});
type ChangeDocument = z.infer<typeof ChangeDocument>;

const CHANGES: CollectionSpec = {
  name: 'pseudonym_changes',
  indexes: [
    { name: 'store', fields: ['storeId', 'at'] },
    { name: 'age', fields: ['at'] },
  ],
};

function viewOf({ _id, ...rest }: ChangeDocument): PseudonymChangeView {
  return { changeId: _id, ...rest };
}

/** What operators did to pseudonyms: the evidence of each merge and split, and what undoes it. */
export class PseudonymChangesRepository {
  private readonly changes: Collection<ChangeDocument>;

  constructor(store: DocumentStore) {
    this.changes = store.collection(CHANGES);
  }

  /** @returns whether it was new */
  keep({ changeId, ...rest }: PseudonymChangeView): Promise<boolean> {
    return this.changes.insertOnce(ChangeDocument.parse({ ...rest, _id: changeId }));
  }

  async get(changeId: string): Promise<PseudonymChangeView | null> {
    const document = await this.changes.get(changeId);
    return document && viewOf(document);
  }

  /** @returns false when it was undone before */
  async markUndone(changeId: string, undoneAt: Instant): Promise<boolean> {
    const options = { where: { undoneAt: null } };
    return (await this.changes.update(changeId, { set: { undoneAt } }, options)) !== null;
  }

  /** Newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(storeId: string, page: { limit: number; cursor?: string }): Promise<Page<PseudonymChangeView>> {
    const sort = [['at', 'desc']] as const;
    const { items, nextCursor } = await this.changes.find({ where: { storeId }, sort, ...page });
    return { items: items.map(viewOf), nextCursor };
  }

  /** Retention. @returns how many were removed */
  deleteBefore(instant: Instant): Promise<number> {
    return this.changes.deleteWhere({ at: { lt: instant } });
  }
}
