import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SILENT, type SalesImported } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { calendarMonths } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import {
  HISTORY_CHUNK,
  MongoStore,
  type SaleRecord,
  SalesRepository,
  SqliteStore,
} from '@regulars/persistence';
import { makeValue } from './start-value.js';
import {
  syntheticCustomerId,
  syntheticSaleId,
  syntheticSales,
  type SyntheticSale,
} from './synthetic-sales.js';

/** What `npm run bench -- customers` asks of this process, as JSON in its first argument. */
interface BenchRequest {
  readonly customers: number;
  readonly sales: number;
  readonly dataDir: string;
  readonly mongoUri: string | null;
}

const PROBES = 200;
const TOLD_EVERY_MS = 60_000;
const NOBODY: Publisher = { publish: () => Promise.resolve(), publishNewest: () => false };
const IMPORT_ID = idFrom('imp', 'bench');

/** Bytes of the files in a folder, megabytes. */
function diskMbOf(folder: string): number {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return Math.round(bytes / 2 ** 20);
}

const request = JSON.parse(process.argv[2] ?? '') as BenchRequest;

function tell(step: string, startMs: number, cpu: NodeJS.CpuUsage, peakBytes: number, done?: number): void {
  const seconds = Number(((performance.now() - startMs) / 1_000).toFixed(2));
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = Number(((user + system) / 1e6).toFixed(2));
  const peakMb = Math.round(Math.max(peakBytes, process.memoryUsage().rss) / 2 ** 20);
  const diskMb = request.mongoUri === null ? diskMbOf(request.dataDir) : null;
  process.send?.({ step, seconds, cpuSeconds, peakMb, diskMb, ...(done === undefined ? {} : { done }) });
}

/** Times a step, and tells every minute how far it is where it says so. */
async function timed<T>(step: string, work: (told: (done: number) => void) => Promise<T>): Promise<T> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  let peakBytes = 0;
  let toldAt = start;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 100);
  const result = await work((done) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    tell(step, start, cpu, peakBytes, done);
  });
  clearInterval(watch);
  tell(step, start, cpu, peakBytes);
  return result;
}

const months = calendarMonths('UTC');

function recordOf({ customer, sale, atMs, amountMinor }: SyntheticSale, receivedAt: string): SaleRecord {
  return {
    kind: 'sale',
    id: syntheticSaleId(sale),
    storeId: 'main',
    source: 'till',
    externalId: `S${sale}`,
    tillId: null,
    customerId: syntheticCustomerId(customer),
    occurredAt: new Date(atMs).toISOString(),
    tillSaid: null,
    receivedAt,
    amountMinor,
    currency: 'EUR',
    importId: IMPORT_ID,
    day: months.dayOf(atMs),
    items: null,
    lines: null,
  };
}

/** Runs the steps from sales to forecasts and tells of each by a message to its parent. */
async function run({ customers, sales, dataDir, mongoUri }: BenchRequest): Promise<void> {
  const store = mongoUri === null ? new SqliteStore(dataDir) : new MongoStore(mongoUri);
  const stored = new SalesRepository(store);
  const parts = { store, publisher: NOBODY, telemetry: SILENT, timeZone: 'UTC', clock: Date.now };
  const { books, worth } = makeValue(parts);
  await store.open();
  const nowMs = Date.now();
  const receivedAt = new Date(nowMs).toISOString();
  let rows = 0;
  let [fromMs, toMs] = [Infinity, -Infinity];
  await timed('history stored', async (told) => {
    let chunk: SaleRecord[] = [];
    const write = async () => {
      await stored.insertHistory(chunk, { importId: IMPORT_ID, offset: rows, rows: sales });
      rows += chunk.length;
      chunk = [];
      told(rows);
    };
    for (const sale of syntheticSales(customers, sales, nowMs)) {
      fromMs = Math.min(fromMs, sale.atMs);
      toMs = Math.max(toMs, sale.atMs);
      chunk.push(recordOf(sale, receivedAt));
      if (chunk.length === HISTORY_CHUNK) await write();
    }
    await write();
  });
  const at = (ms: number) => new Date(ms).toISOString();
  const imported: SalesImported = {
    importId: IMPORT_ID,
    storeId: 'main',
    rows,
    from: at(fromMs),
    to: at(toMs),
    importedAt: at(Date.now()),
  };
  await timed('months summed', () => books.history.take(imported));
  await timed('segmentation', () => books.segmentation.run());
  await timed('segmentation, nothing new', () => books.segmentation.run());
  await timed('forecasts', () => books.forecasts.want(new Date().toISOString()));
  await timed(`${PROBES} single sales`, async () => {
    for (let i = 0; i < PROBES; i++) {
      const customerId = syntheticCustomerId(i % customers);
      const sale = { saleId: idFrom('sal', 'probe', i), storeId: 'main', tillId: null, customerId };
      const occurredAt = new Date().toISOString();
      await worth.onSale({ ...sale, occurredAt, amountMinor: 1_990, currency: 'EUR', items: null });
    }
  });
  await store.close();
}

await run(request);
process.disconnect();
