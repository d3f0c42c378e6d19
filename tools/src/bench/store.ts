import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type CollectionSpec,
  type Document,
  type DocumentStore,
  MongoStore,
  SqliteStore,
} from '@regulars/persistence';
import { startMongoServer } from '@regulars/persistence/testing';

interface Entry extends Document {
  readonly storeId: string;
  readonly at: string;
  readonly n: number;
}

const ENTRIES: CollectionSpec = { name: 'entries', indexes: [{ name: 'time', fields: ['storeId', 'at'] }] };
const entryOf = (i: number): Entry => ({
  _id: `entry-${i}`,
  storeId: 'main',
  at: new Date(i * 1_000).toISOString(),
  n: 0,
});

/** Operations a second, one after the other unless named bulk. */
async function measure(store: DocumentStore, count: number): Promise<Record<string, number>> {
  await store.open();
  const entries = store.collection<Entry>(ENTRIES);
  const rates: Record<string, number> = {};
  const time = async (name: string, work: (i: number) => Promise<unknown>, per = 1): Promise<void> => {
    const start = performance.now();
    for (let i = 0; i < count; i += per) await work(i);
    rates[name] = Math.round(count / ((performance.now() - start) / 1_000));
  };
  await time('insertsPerSecond', (i) => entries.insertOnce(entryOf(i)));
  await time('updatesPerSecond', (i) =>
    entries.update(`entry-${i}`, { inc: { n: 1 } }, { where: { storeId: 'main' } }),
  );
  await time('readsPerSecond', (i) => entries.get(`entry-${i}`));
  const pageAt = (i: number) => ({ where: { storeId: 'main', at: { gte: entryOf(i).at } }, limit: 20 });
  await time('pagesOf20PerSecond', (i) => entries.find(pageAt(i)));
  const bulkOf = (i: number) =>
    Array.from({ length: 500 }, (_, j) => ({
      kind: 'insertOnce' as const,
      document: entryOf(count + i + j),
    }));
  await time('bulkInsertsPerSecond', (i) => entries.bulk(bulkOf(i)), 500);
  await store.close();
  return rates;
}

/** `npm run bench -- store [--documents 1000]`: both document stores, writes durable. */
export async function store(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { documents: { type: 'string', default: '1000' } } });
  const documents = Number(values.documents);
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const server = await startMongoServer(process.env);
  try {
    const sqlite = await measure(new SqliteStore(folder), documents);
    const mongodb = server && (await measure(new MongoStore(server.uriOf(`bench_${Date.now()}`)), documents));
    console.log(JSON.stringify({ documents, sqlite, mongodb }));
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
