import { ImportView } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';

const ImportDocument = z.strictObject({
  ...ImportView.omit({ importId: true }).shape,
  _id: ImportView.shape.importId,
  /** SHA-256 of the file, hex: the same file is the same import. */
  fileHash: z.string().length(64),
});
type ImportDocument = z.infer<typeof ImportDocument>;

export interface ImportRecord extends ImportView {
  readonly fileHash: string;
}

const IMPORTS: CollectionSpec = {
  name: 'imports',
  indexes: [
    { name: 'state', fields: ['state', 'startedAt'] },
    { name: 'time', fields: ['startedAt'] },
  ],
};

function recordOf({ _id, ...record }: ImportDocument): ImportRecord {
  return { importId: _id, ...record };
}

/** Imports of files of history and how far they are. */
export class ImportsRepository {
  private readonly imports: Collection<ImportDocument>;

  constructor(store: DocumentStore) {
    this.imports = store.collection(IMPORTS);
  }

  async get(importId: string): Promise<ImportRecord | null> {
    const document = await this.imports.get(importId);
    return document && recordOf(document);
  }

  /** Writes the whole record. */
  async save({ importId, ...record }: ImportRecord): Promise<void> {
    await this.imports.put(ImportDocument.parse({ _id: importId, ...record }));
  }

  /** The latest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(page: { limit: number; cursor?: string }): Promise<Page<ImportRecord>> {
    const { items, nextCursor } = await this.imports.find({ sort: [['startedAt', 'desc']], ...page });
    return { items: items.map(recordOf), nextCursor };
  }

  /** Those that were begun and did not end, the earliest first. */
  async unfinished(): Promise<ImportRecord[]> {
    const where = { state: 'importing' };
    const { items } = await this.imports.find({ where, sort: [['startedAt', 'asc']], limit: 100 });
    return items.map(recordOf);
  }
}
