import { readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { sqliteRig, THINGS, type Thing } from '../testing/sqlite-rig.js';
import { SQLITE_FILE, SqliteStore } from './sqlite-store.js';

const { afterwards, dataDir, open } = sqliteRig();

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

describe('the SQLite store in trouble', () => {
  it('says that its disk is full, loses nothing, and goes on when there is room', async () => {
    const folder = dataDir();
    const { things } = await open(folder, { maxBytes: 200_000 });
    const text = 'x'.repeat(5_000);
    let written = 0;
    let failure: unknown = null;
    for (; written < 1_000 && failure === null; written++) {
      const error = await errorOf(things.put({ _id: `t${written}`, text }));
      if (error !== 'nothing was thrown') failure = error;
    }
    expect(failure).toMatchObject({ name: 'TransientError', code: 'STORE_FULL' });
    expect(await things.count({})).toBe(written - 1);
    const bulk = things.bulk([1, 2].map((i) => ({ kind: 'insertOnce', document: { _id: `b${i}`, text } })));
    expect(await errorOf(bulk)).toMatchObject({ code: 'STORE_FULL' });
    expect(await things.get('b1')).toBeNull();
    expect(await errorOf(things.update('t0', { set: { more: text.repeat(9) } }))).toMatchObject({
      code: 'STORE_FULL',
    });
    expect(await things.get('t0')).toEqual({ _id: 't0', text });
    await things.deleteWhere({ _id: { lt: 't2' } });
    await things.put({ _id: 'again', text });
    expect(await things.get('again')).toEqual({ _id: 'again', text });
  });

  it('waits for another writer, and says so when that takes too long', async () => {
    const folder = dataDir();
    const { things, store } = await open(folder);
    await things.put({ _id: 'a', n: 1 });
    const other = new Database(join(folder, SQLITE_FILE));
    afterwards(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    expect(await errorOf(things.put({ _id: 'b' }))).toMatchObject({
      name: 'TransientError',
      code: 'STORE_UNAVAILABLE',
      fields: { reason: 'SQLITE_BUSY' },
    });
    expect(await things.get('a')).toEqual({ _id: 'a', n: 1 });
    expect(await store.fault()).toBe('STORE_UNAVAILABLE SQLITE_BUSY');
    other.exec('ROLLBACK');
    await things.put({ _id: 'b' });
    expect(await store.fault()).toBeNull();
  });

  it.each([
    ['a text', (path: string) => writeFileSync(path, 'no database at all '.repeat(500))],
    [
      "another program's database",
      (path: string) => {
        const other = new Database(path);
        other.exec('CREATE TABLE accounts (id INTEGER)');
        other.close();
      },
    ],
    [
      'a database of a newer version',
      (path: string) => {
        const other = new Database(path);
        other.exec('CREATE TABLE things (id TEXT)');
        other.exec('PRAGMA application_id = 0x52474c52; PRAGMA user_version = 2');
        other.close();
      },
    ],
  ])('refuses %s, and leaves it as it is', async (_, write) => {
    const folder = dataDir();
    const path = join(folder, SQLITE_FILE);
    write(path);
    const before = readFileSync(path);
    expect(await errorOf(open(folder))).toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('finds damage', async () => {
    const folder = dataDir();
    const path = join(folder, SQLITE_FILE);
    const first = await open(folder);
    await first.things.bulk(
      Array.from({ length: 200 }, (_, n) => ({
        kind: 'insertOnce',
        document: { _id: `t${n}`, n, text: 'x'.repeat(500) },
      })),
    );
    await first.store.close();
    truncateSync(path, Math.floor(statSync(path).size / 2));
    const problem = await errorOf(
      open(folder).then(async ({ store, things }) => {
        for await (const thing of things.each({ limit: 100 })) expect(thing._id).toMatch(/^t/);
        return store.damage();
      }),
    );
    expect(problem).toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('says when its file was taken away', async () => {
    const folder = dataDir();
    const { store } = await open(folder);
    renameSync(join(folder, SQLITE_FILE), join(folder, 'elsewhere.db'));
    expect(await store.fault()).toBe('the database file was removed or replaced; restart Regulars');
  });

  it('is away before it is opened and after it was closed', async () => {
    const store = new SqliteStore(dataDir());
    const things = store.collection<Thing>(THINGS);
    expect(await errorOf(things.get('a'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store.open();
    await things.put({ _id: 'a' });
    await store.close();
    expect(await errorOf(things.get('a'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store.open();
    expect(await things.get('a')).toEqual({ _id: 'a' });
    await store.close();
  });

  it('says that a folder cannot be used', async () => {
    const folder = dataDir();
    writeFileSync(join(folder, 'file'), '');
    expect(await errorOf(open(join(folder, 'file')))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
