import { join } from 'node:path';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { declared } from '../specs.js';
import { SqliteCollection } from './sqlite-collection.js';
import { storeError } from './sqlite-errors.js';
import { SqliteFile, type SqliteOptions } from './sqlite-file.js';

export const SQLITE_FILE = 'regulars.db';

/** All collections in one SQLite file, `regulars.db` in the data folder: the store of the embedded mode. */
export class SqliteStore implements DocumentStore {
  private readonly file: SqliteFile;
  private readonly specs = new Map<string, CollectionSpec>();

  /** @param dataDir is made when absent */
  constructor(dataDir: string, options: SqliteOptions = {}) {
    this.file = new SqliteFile(join(dataDir, SQLITE_FILE), options);
  }

  collection<T extends Document>(spec: CollectionSpec): Collection<T> {
    const known = declared(this.specs, spec);
    return new SqliteCollection<T>(this.file, known);
  }

  /** @throws TransientError STORE_UNAVAILABLE, STORE_FULL; RegularsError STORE_CORRUPT when the file is no
   *  database of Regulars */
  async open(): Promise<void> {
    try {
      this.file.open();
      for (const spec of this.specs.values()) this.file.prepareCollection(spec);
    } catch (error) {
      throw storeError(error, null);
    }
  }

  async fault(): Promise<string | null> {
    return this.file.fault();
  }

  async scrub(): Promise<void> {
    try {
      this.file.truncateLog();
    } catch (error) {
      throw storeError(error, null);
    }
  }

  /** Reads the whole file and says what is damaged, or null. */
  async damage(): Promise<string | null> {
    try {
      return this.file.damage();
    } catch (error) {
      throw storeError(error, null);
    }
  }

  /** Writes a consistent copy of the file, while in use, to a path that must not exist. */
  async backUp(path: string): Promise<void> {
    try {
      this.file.copyTo(path);
    } catch (error) {
      throw storeError(error, null);
    }
  }

  async close(): Promise<void> {
    this.file.close();
  }
}
