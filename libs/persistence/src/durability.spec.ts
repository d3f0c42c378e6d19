import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection, CollectionSpec, Document } from './document-store.js';
import { MongoStore } from './mongo/mongo-store.js';
import { SqliteStore } from './sqlite/sqlite-store.js';
import { startMongoServer, temporaryFolder } from './testing.js';

interface Entry extends Document {
  readonly round?: number;
  readonly n?: number;
}
const ENTRIES: CollectionSpec = { name: 'entries', indexes: [{ name: 'round', fields: ['round'] }] };
const ROUNDS = 5;
/** Acknowledged writes after which a round ends by kill -9, in the middle of the next writes. */
const WRITES = { sqlite: 300, mongodb: 100 };

const compiled = new URL('../dist/index.js', import.meta.url);

/** Writes as fast as it can, one after the other, and prints the key of each once it is acknowledged. */
const WRITER = `
const { SqliteStore } = await import(${JSON.stringify(compiled.href)});
const [folder, round] = process.argv.slice(1);
const store = new SqliteStore(folder);
const entries = store.collection(${JSON.stringify(ENTRIES)});
await store.open();
for (let i = 0; ; i++) {
  const id = round + '-' + i;
  if (i % 3 === 0) await entries.put({ _id: id, round: Number(round), text: 'x'.repeat(i % 4000) });
  else if (i % 3 === 1) await entries.update(id, { inc: { n: 1 } }, { insert: { round: Number(round) } });
  else await entries.bulk([{ kind: 'insertOnce', document: { _id: id, round: Number(round) } }]);
  process.stdout.write(id + '\\n');
}
`;

async function idsOfRound(entries: Collection<Entry>, round: number): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { _id } of entries.each({ where: { round }, limit: 1_000 })) ids.add(_id);
  return ids;
}

describe('a process that is killed while it writes to SQLite', () => {
  const folder = temporaryFolder();
  beforeAll(() => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const compiler = 'node_modules/typescript/bin/tsc';
    execFileSync(process.execPath, [compiler, '-b', 'libs/persistence'], { cwd: root });
  });
  afterAll(() => folder.remove());

  it('leaves every write that was acknowledged, round after round', async () => {
    const acknowledged: string[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const args = ['--input-type=module', '-e', WRITER, folder.path, String(round)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ids: string[] = [];
      for await (const id of createInterface({ input: child.stdout })) {
        ids.push(id);
        if (ids.length === WRITES.sqlite) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      acknowledged.push(ids);

      const store = new SqliteStore(folder.path);
      await store.open();
      const entries = store.collection<Entry>(ENTRIES);
      for (const [earlier, written] of acknowledged.entries()) {
        const present = await idsOfRound(entries, earlier);
        expect(written.filter((id) => !present.has(id))).toEqual([]);
        // At most the one write that was under way when the process was killed.
        expect(present.size).toBeLessThanOrEqual(written.length + 1);
      }
      expect(await store.damage()).toBeNull();
      await store.close();
    }
    expect(acknowledged.flat().length).toBeGreaterThanOrEqual(ROUNDS * WRITES.sqlite);
  }, 120_000);
});

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.runIf(server?.process)('a MongoDB server that is killed while it is written to', () => {
  it('comes back with every write that was acknowledged, round after round', async () => {
    const machine = server?.process;
    const store = new MongoStore(server?.uriOf('durability') ?? '');
    await store.open();
    const entries = store.collection<Entry>(ENTRIES);
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      let killed: Promise<void> | undefined;
      for (let i = 0; ; i++) {
        const _id = `${round}-${i}`;
        if (i === WRITES.mongodb) killed = machine?.kill();
        try {
          if (i % 2 === 0) await entries.insertOnce({ _id, round });
          else await entries.update(_id, { inc: { n: 1 } }, { insert: { round } });
          acknowledged.push(_id);
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
          break;
        }
      }
      await killed;
      await machine?.start();
      const present = new Set<string>();
      for (let earlier = 0; earlier <= round; earlier++) {
        for (const id of await idsOfRound(entries, earlier)) present.add(id);
      }
      expect(acknowledged.filter((id) => !present.has(id))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * WRITES.mongodb);
    await store.close();
  }, 180_000);
});
