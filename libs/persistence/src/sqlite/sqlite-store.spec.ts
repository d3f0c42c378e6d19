import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { sqliteRig, THINGS, type Thing } from '../testing/sqlite-rig.js';
import { planOf } from '../plan.js';
import { conditionsOf } from '../conditions.js';
import { selectSql } from './sql.js';
import { SQLITE_FILE, SqliteStore } from './sqlite-store.js';

const { afterwards, dataDir, open } = sqliteRig();

describe('the SQLite store', () => {
  it('keeps its file for its owner alone', async () => {
    const folder = join(dataDir(), 'made', 'on the way');
    const { store, things } = await open(folder);
    await things.put({ _id: 'a' });
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(await store.fault()).toBeNull();
    expect(await store.damage()).toBeNull();
  });

  it('reads only an index for a query that is served by one', async () => {
    const folder = dataDir();
    const { things } = await open(folder);
    await things.put({ _id: 'a', n: 1 });
    const conditions = conditionsOf({ n: 1, text: { gte: 'a' } });
    const sort = [['text', 'desc']] as const;
    const sql = selectSql(THINGS, { conditions, plan: planOf(THINGS, conditions, sort), limit: 5 }, 'body');
    const other = new Database(join(folder, SQLITE_FILE));
    const steps = other.prepare(`EXPLAIN QUERY PLAN ${sql.text}`).all([...sql.bindings]) as {
      detail: string;
    }[];
    other.close();
    expect(steps.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^SEARCH things USING INDEX things\.n\.\w+ \(<expr>=\? AND <expr>>\? AND <expr><\?\)$/,
      ),
    ]);
  });

  it('sees at once what another process wrote, whatever it read before', async () => {
    const folder = dataDir();
    const one = await open(folder);
    const two = await open(folder);
    await one.things.put({ _id: 'a', n: 1 });
    expect(await one.things.get('a')).toMatchObject({ n: 1 });
    expect((await one.things.find({ limit: 1 })).items).toHaveLength(1);
    await two.things.put({ _id: 'a', n: 2 });
    expect(await one.things.get('a')).toMatchObject({ n: 2 });
  });

  it('makes a changed index anew and drops the one that is no longer declared', async () => {
    const folder = dataDir();
    const first = await open(folder);
    await first.things.bulk([1, 2].map((n) => ({ kind: 'insertOnce', document: { _id: `t${n}`, n } })));
    await first.store.close();
    const store = new SqliteStore(folder);
    afterwards(() => store.close());
    const things = store.collection<Thing>({ name: 'things', indexes: [{ name: 'n', fields: ['n'] }] });
    await store.open();
    expect((await things.find({ where: { n: { gte: 2 } }, limit: 5 })).items).toEqual([{ _id: 't2', n: 2 }]);
    const other = new Database(join(folder, SQLITE_FILE));
    const indexes = other
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`)
      .all([]);
    other.close();
    expect(indexes).toHaveLength(1);
  });

  it('refuses one name for two specs', async () => {
    const { store } = await open(dataDir());
    expect(() => store.collection({ name: 'things', indexes: [] })).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_INVALID' }) as Error,
    );
  });

  it('overwrites what is deleted, also in its log', async () => {
    const folder = dataDir();
    const { store, things } = await open(folder);
    const secret = 'erase-me-'.repeat(8);
    await things.put({ _id: 'a', text: secret });
    await things.put({ _id: 'a', text: 'gone' });
    await store.scrub();
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file)).includes(secret), file).toBe(false);
    }
  });
});

describe('a back-up of the SQLite store', () => {
  it('is a store of its own that holds all that was there', async () => {
    const folder = dataDir();
    const { store, things } = await open(folder);
    await things.put({ _id: 'a', bytes: Uint8Array.of(1, 2, 3) });
    const copy = join(dataDir(), SQLITE_FILE);
    await store.backUp(copy);
    await things.put({ _id: 'later' });
    expect(existsSync(copy)).toBe(true);
    const restored = await open(join(copy, '..'));
    expect(await restored.things.get('a')).toEqual({ _id: 'a', bytes: Uint8Array.of(1, 2, 3) });
    expect(await restored.things.get('later')).toBeNull();
    expect(await restored.store.damage()).toBeNull();
  });
});
