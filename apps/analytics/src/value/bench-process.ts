import { setImmediate } from 'node:timers/promises';
import { SILENT, type SaleRecorded } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { calendarMonths } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import { MongoStore, SqliteStore } from '@regulars/persistence';
import { entryOfSale } from './ledger.js';
import { makeValue } from './start-value.js';
import { syntheticSales } from './synthetic-sales.js';

/** What `npm run bench -- customers` asks of this process, as JSON in its first argument. */
interface BenchRequest {
  readonly customers: number;
  readonly sales: number;
  readonly dataDir: string;
  readonly mongoUri: string | null;
}

const BATCH = 500;
const PROBES = 200;
const NOBODY: Publisher = { publish: () => Promise.resolve(), publishNewest: () => false };

async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 100);
  const result = await work();
  clearInterval(watch);
  const seconds = Number(((performance.now() - start) / 1_000).toFixed(2));
  const peakMb = Math.round(Math.max(peakBytes, process.memoryUsage().rss) / 2 ** 20);
  process.send?.({ step, seconds, peakMb });
  return result;
}

/** Runs the steps from sales to forecasts and tells of each by a message to its parent. */
async function run({ customers, sales, dataDir, mongoUri }: BenchRequest): Promise<void> {
  const store = mongoUri === null ? new SqliteStore(dataDir) : new MongoStore(mongoUri);
  await store.open();
  const months = calendarMonths('UTC');
  const parts = { store, publisher: NOBODY, telemetry: SILENT, timeZone: 'UTC', clock: Date.now };
  const { books, worth } = makeValue(parts);
  const ids = new Set<string>();
  await timed('sales into the ledger', async () => {
    let batch: SaleRecorded[] = [];
    const write = async () => {
      await books.history.enter(
        batch.map((sale) => entryOfSale(sale, months)),
        ids,
      );
      batch = [];
      await setImmediate();
    };
    for (const of of syntheticSales(customers, sales, Date.now())) {
      batch.push(...of);
      if (batch.length >= BATCH) await write();
    }
    await write();
  });
  await timed('month buckets', () => books.history.sum(ids));
  await timed('segmentation', () => books.segmentation.run());
  await timed('segmentation, nothing new', () => books.segmentation.run());
  await timed('forecasts', () => books.forecasts.want(new Date().toISOString()));
  await timed(`${PROBES} single sales`, async () => {
    for (const [index, customerId] of [...ids].slice(0, PROBES).entries()) {
      const sale = { saleId: idFrom('sal', 'probe', index), storeId: 'main', tillId: null, customerId };
      const occurredAt = new Date().toISOString();
      await worth.onSale({ ...sale, occurredAt, amountMinor: 1_990, currency: 'EUR', items: null });
    }
  });
  await store.close();
}

await run(JSON.parse(process.argv[2] ?? '') as BenchRequest);
process.disconnect();
