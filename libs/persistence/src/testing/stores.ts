import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentStore } from '../document-store.js';
import { MongoStore } from '../mongo/mongo-store.js';
import { SqliteStore } from '../sqlite/sqlite-store.js';
import type { MongoServer } from './mongo-server.js';

export interface TestStore {
  readonly store: DocumentStore;
  /** Another connection to the same data, opened. */
  again(): Promise<DocumentStore>;
  /** Closes all connections and removes what they can. */
  remove(): Promise<void>;
}

export interface StoreKind {
  readonly name: 'sqlite' | 'mongodb';
  /** An empty store, opened. */
  fresh(): Promise<TestStore>;
}

async function testStore(make: () => DocumentStore, clean: () => void): Promise<TestStore> {
  const opened: DocumentStore[] = [];
  const again = async () => {
    const store = make();
    opened.push(store);
    await store.open();
    return store;
  };
  const remove = async () => {
    await Promise.all(opened.map((store) => store.close()));
    clean();
  };
  return { store: await again(), again, remove };
}

/** A folder of its own, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'regulars-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** An empty SQLite store in a folder of its own: for tests of whatever needs a store. */
export function freshSqlite(): Promise<TestStore> {
  const folder = temporaryFolder();
  return testStore(() => new SqliteStore(folder.path), folder.remove);
}

/** An empty database of a MongoDB server. */
export function freshMongo(server: MongoServer): Promise<TestStore> {
  const uri = server.uriOf(`regulars_test_${randomBytes(6).toString('hex')}`);
  return testStore(
    () => new MongoStore(uri),
    () => undefined,
  );
}

/** The stores that this machine has, for tests that both must pass. */
export function storeKinds(server: MongoServer | null): StoreKind[] {
  const sqlite: StoreKind = { name: 'sqlite', fresh: freshSqlite };
  return server ? [sqlite, { name: 'mongodb', fresh: () => freshMongo(server) }] : [sqlite];
}
