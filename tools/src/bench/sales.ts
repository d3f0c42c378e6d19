import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SaleRecorded, SILENT } from '@regulars/contracts';
import { idFrom, newId } from '@regulars/contracts/ids';
import { AmqpBroker, type Broker, deleteTopology, MemoryBroker, messageOfEvent } from '@regulars/messaging';
import {
  type CollectionSpec,
  type Document,
  type DocumentStore,
  MongoStore,
  SqliteStore,
} from '@regulars/persistence';
import { startMongoServer } from '@regulars/persistence/testing';
import { parseEnvironment } from '@regulars/runtime';
import { type GatewayFacts, startService } from '../serve.js';
import { type Figures, measure } from './pace.js';
import { Tills } from './tills.js';

interface Entry extends Document {
  readonly storeId: string;
  readonly occurredAt: string;
  readonly amountMinor: number;
}
/** An odd number, so that one is in the middle. */
const ROUNDS = 5;
/** Linux counts CPU time in hundredths of a second. */
const MS_A_TICK = 10;
const SETTLE_MS = 200;

interface Run extends Figures {
  /** CPU time of the serving thread for one sale. */
  readonly cpuMs: number;
}

const BARE: CollectionSpec = {
  name: 'bare',
  indexes: [{ name: 'store', fields: ['storeId', 'occurredAt'] }],
};

/** What any till's server must do at least: one durable insert, one message that the broker has taken. */
function bareSale(store: DocumentStore, broker: Broker): (i: number) => Promise<void> {
  const sales = store.collection<Entry>(BARE);
  return async (i) => {
    const occurredAt = new Date(Date.UTC(2026, 1, 1) + i * 1_000).toISOString();
    await sales.insertOnce({ _id: `bare-${i}`, storeId: 'main', occurredAt, amountMinor: i });
    const payload = { ...SaleRecorded.example, saleId: idFrom('sal', i), amountMinor: i, occurredAt };
    await broker.publish(
      messageOfEvent(SaleRecorded, payload, { eventId: newId('evt'), producer: 'gateway' }),
    );
  };
}

/** The least that a till's request costs with this HTTP server: an empty handler, which reads the body and answers. */
async function emptyServer() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
    });
  });
  // Rounds of other work lie between its own.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

interface Setting {
  readonly store: DocumentStore;
  readonly broker: Broker;
  readonly dataDir: string;
  readonly sales: number;
  readonly tills: number;
}

/** CPU time of this thread so far, milliseconds; NaN where the system does not tell. The gateway, its store's
 *  driver and its broker work in it, the tills do not. */
function threadCpuMs(): number {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return ((user ?? NaN) + (system ?? NaN)) * MS_A_TICK;
  } catch {
    return NaN;
  }
}

async function withCpu(count: number, work: () => Promise<Figures>): Promise<Run> {
  const before = threadCpuMs();
  const figures = await work();
  return { ...figures, cpuMs: Number(((threadCpuMs() - before) / count).toFixed(3)) };
}

const middleOf = (runs: readonly Run[]): Run => {
  const sorted = [...runs].sort((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor(sorted.length / 2)] ?? { perSecond: NaN, p99Ms: NaN, cpuMs: NaN };
};

/** What is attained of the bare insert, and what could be at most, were a sale no more than an empty request and a bare
 *  insert: by the pace, and by the CPU time of the serving thread, which says less of what else the machine does. */
function ratiosOf({ posted, bare, empty }: Readonly<Record<'posted' | 'bare' | 'empty', Run>>) {
  const rounded = (ratio: number) => Number(ratio.toFixed(2));
  return {
    ratioToBare: rounded(posted.perSecond / bare.perSecond),
    mostToBare: rounded(empty.perSecond / (bare.perSecond + empty.perSecond)),
    cpuRatioToBare: rounded(bare.cpuMs / posted.cpuMs),
    mostCpuToBare: rounded(bare.cpuMs / (bare.cpuMs + empty.cpuMs)),
  };
}

/** All in turn, so that none has the warmer process or the calmer machine; of each the middle round. */
async function compare({ store, broker, dataDir, sales, tills }: Setting) {
  await store.open();
  const environment = parseEnvironment({
    DATA_DIR: dataDir,
    GATEWAY_PORT: '0',
    GATEWAY_REQUESTS_PER_MINUTE: '1000000',
  });
  const gateway = await startService('gateway', { environment, broker, store, telemetry: SILENT });
  const { address, firstToken } = gateway as typeof gateway & GatewayFacts;
  const posting = new Tills({ address, token: firstToken ?? '', tills });
  const empty = await emptyServer();
  const asking = new Tills({ address: empty.address, token: 'none', tills });
  try {
    const one = bareSale(store, broker);
    const warmUp = Math.ceil(sales / 4);
    await measure(warmUp, tills, one);
    await posting.post({ from: 0, count: warmUp });
    await asking.post({ from: 0, count: warmUp });
    const part = Math.ceil(sales / ROUNDS);
    const runs = { bare: [] as Run[], empty: [] as Run[], posted: [] as Run[] };
    for (let round = 0; round < ROUNDS; round++) {
      const from = warmUp + round * part;
      runs.bare.push(await withCpu(part, () => measure(part, tills, (i) => one(from + i))));
      runs.empty.push(await withCpu(part, () => asking.post({ from, count: part })));
      runs.posted.push(
        await withCpu(part, async () => {
          const figures = await posting.post({ from, count: part });
          // The last marks of what was told come off a moment later; their work is a sale's as well.
          await sleep(SETTLE_MS);
          return figures;
        }),
      );
    }
    const middle = { bare: middleOf(runs.bare), empty: middleOf(runs.empty), posted: middleOf(runs.posted) };
    const { posted, bare, empty } = middle;
    return { ...posted, bare, empty, ...ratiosOf(middle) };
  } finally {
    await posting.close();
    await asking.close();
    await empty.close();
    await gateway.stop();
    await broker.close(3_000);
    await store.close();
  }
}

/** `npm run bench -- sales [--sales 8000] [--tills 32]`: sales accepted over HTTP with durable acknowledgement,
 *  beside a bare insert and publish with the same libraries in the same process; embedded, and over MongoDB and
 *  RabbitMQ where RABBITMQ_URL names one; and an empty handler of the same HTTP server. The last line is of the embedded mode, with the ratio of the other one. */
export async function sales(args: string[]): Promise<void> {
  const options = {
    sales: { type: 'string', default: '8000' },
    tills: { type: 'string', default: '32' },
  } as const;
  const { values } = parseArgs({ args, options });
  const size = { sales: Number(values.sales), tills: Number(values.tills) };
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const url = process.env['RABBITMQ_URL'];
  let distributed: number | null = null;
  const server = url === undefined ? null : await startMongoServer(process.env);
  try {
    if (url !== undefined && server !== null) {
      const namespace = `bench-${Date.now()}.`;
      const broker = new AmqpBroker({ url, namespace, service: 'gateway' }, SILENT);
      const store = new MongoStore(server.uriOf(`bench_${Date.now()}`));
      const figures = await compare({ store, broker, dataDir, ...size }).finally(() =>
        deleteTopology(url, namespace),
      );
      console.log(JSON.stringify({ mode: 'mongodb and rabbitmq', ...figures }));
      distributed = figures.ratioToBare;
    }
    const store = new SqliteStore(dataDir);
    const broker = new MemoryBroker(SILENT, { services: ['gateway'] });
    const figures = await compare({ store, broker, dataDir, ...size });
    console.log(JSON.stringify({ mode: 'embedded', ...figures }));
    const {
      perSecond: salesPerSecond,
      p99Ms,
      ratioToBare,
      mostToBare,
      cpuRatioToBare,
      mostCpuToBare,
    } = figures;
    const [load = 0] = loadavg();
    const most = { mostToBare, cpuRatioToBare, mostCpuToBare };
    console.log(JSON.stringify({ salesPerSecond, p99Ms, ratioToBare, ...most, distributed, load }));
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
