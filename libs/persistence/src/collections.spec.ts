import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import * as persistence from './index.js';
import type { CollectionSpec, DocumentStore } from './document-store.js';
import { indexOf } from './mongo/translate.js';
import { freshSqlite } from './testing.js';

const under = await freshSqlite();
afterAll(() => under.remove());

/** All collections that the repositories of this lib declare. */
function declaredSpecs(): CollectionSpec[] {
  const specs: CollectionSpec[] = [];
  const listening = Object.create(under.store, {
    collection: {
      value: (spec: CollectionSpec) => {
        specs.push(spec);
        return under.store.collection(spec);
      },
    },
  }) as DocumentStore;
  const keyring = new persistence.Keyring(listening, new Uint8Array(32));
  for (const [name, Repository] of Object.entries(persistence)) {
    if (!name.endsWith('Repository') || typeof Repository !== 'function') continue;
    new (Repository as new (store: DocumentStore, second: unknown) => object)(listening, keyring);
  }
  return specs;
}

describe('the collections of the repositories', () => {
  const specs = declaredSpecs();
  const names = specs.map(({ name }) => name);

  it('are described in docs/persistence.md, each in a line, and no others', () => {
    const page = readFileSync(new URL('../../../docs/persistence.md', import.meta.url), 'utf8');
    const table = page.slice(page.indexOf('## Collections'), page.indexOf('## Keys'));
    const described = [...table.matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...new Set(names)].sort());
  });

  it('have names and indexes that both stores take', async () => {
    for (const spec of specs) {
      await under.store.collection(spec).count({});
      const ours = spec.indexes.map((index) => indexOf(index).name);
      expect(new Set(ours).size).toBe(spec.indexes.length);
      // MongoDB's limit on "database.collection.$index" was 127 bytes before 4.2.
      for (const name of ours) expect(`regulars.${spec.name}.$${name}`.length).toBeLessThan(127);
    }
  });
});
