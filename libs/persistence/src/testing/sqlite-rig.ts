import { afterEach } from 'vitest';
import type { CollectionSpec, Document } from '../document-store.js';
import { SqliteStore } from '../sqlite/sqlite-store.js';
import { temporaryFolder } from './stores.js';

export interface Thing extends Document {
  readonly text?: string;
  readonly n?: number;
  readonly bytes?: Uint8Array;
}
export const THINGS: CollectionSpec = { name: 'things', indexes: [{ name: 'n', fields: ['n', 'text'] }] };

/** Folders and stores of SQLite for the tests of one file; each test's are closed and removed after it. */
export function sqliteRig() {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });
  return {
    /** Done after the test, the last one first. */
    afterwards: (step: () => unknown): void => {
      cleanUp.push(step);
    },
    dataDir: (): string => {
      const folder = temporaryFolder();
      cleanUp.push(folder.remove);
      return folder.path;
    },
    open: async (folder: string, options?: { maxBytes: number }) => {
      const store = new SqliteStore(folder, options);
      cleanUp.push(() => store.close());
      const things = store.collection<Thing>(THINGS);
      await store.open();
      return { store, things };
    },
  };
}
