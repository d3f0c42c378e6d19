import { TransientError } from '@regulars/contracts';
import type { Collection, Document } from '../document-store.js';

export interface Revisioned extends Document {
  /** 1 when made, one more with each change. */
  readonly revision: number;
}

/** Writes a whole document unless somebody else changed it since it was read.
 *  @param expected revision that was read; null when there was no document
 *  @param fields all field names of the document's schema: those that it lacks are removed
 *  @throws TransientError REVISION_CONFLICT: read again, decide again, save again */
export async function saveRevision<T extends Revisioned>(
  collection: Collection<T>,
  document: T,
  expected: number | null,
  fields: readonly string[],
): Promise<T> {
  const next = { ...document, revision: (expected ?? 0) + 1 };
  if (expected === null) {
    if (await collection.insertOnce(next)) return next;
  } else {
    const values = Object.fromEntries(Object.entries(next).filter(([field]) => field !== '_id'));
    const unset = fields.filter((field) => field !== '_id' && values[field] === undefined);
    const saved = await collection.update(
      document._id,
      { set: values, unset },
      { where: { revision: expected } },
    );
    if (saved) return saved;
  }
  throw new TransientError('REVISION_CONFLICT', { id: document._id });
}
