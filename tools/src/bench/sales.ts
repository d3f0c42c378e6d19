import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { percentile } from './percentile.js';

interface Entry extends Document {
  readonly storeId: string;
  readonly occurredAt: string;
  readonly amountMinor: number;
}
const BARE: CollectionSpec = {
  name: 'bare',
  indexes: [{ name: 'store', fields: ['storeId', 'occurredAt'] }],
};

interface Figures {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Runs `count` works, `tills` at a time. */
async function measure(count: number, tills: number, work: (i: number) => Promise<void>): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  const till = async () => {
    for (let i = next++; i < count; i = next++) {
      const begun = performance.now();
      await work(i);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: tills }, till));
  const perSecond = Math.round(count / ((performance.now() - start) / 1_000));
  return { perSecond, p99Ms: Number(percentile(times, 0.99).toFixed(1)) };
}

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

/** A sale as a till posts it, on a connection that it keeps, with an Idempotency-Key; the next one after its answer. */
function postedSale(address: string, token: string, tills: number): (i: number) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: tills });
  const { hostname, port } = new URL(address);
  return (i) =>
    new Promise((resolve, reject) => {
      const occurredAt = new Date(Date.UTC(2026, 1, 1) + i * 1_000).toISOString();
      const body = JSON.stringify({
        saleId: `S${i}`,
        tillId: `till-${i % tills}`,
        occurredAt,
        amountMinor: i,
        currency: 'EUR',
      });
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'idempotency-key': `bench ${i}`,
      };
      const sent = request(
        { agent, hostname, port, method: 'POST', path: '/v1/sales', headers },
        (response) => {
          response.resume().on('end', () => {
            if (response.statusCode === 201) resolve();
            else reject(new Error(`a sale was answered with ${response.statusCode ?? 0}`));
          });
        },
      );
      sent.on('error', reject).end(body);
    });
}

interface Setting {
  readonly store: DocumentStore;
  readonly broker: Broker;
  readonly dataDir: string;
  readonly sales: number;
  readonly tills: number;
}

/** Both in turn, twice, so that neither has the warmer process. */
async function compare({ store, broker, dataDir, sales, tills }: Setting) {
  await store.open();
  const environment = parseEnvironment({
    DATA_DIR: dataDir,
    GATEWAY_PORT: '0',
    GATEWAY_REQUESTS_PER_MINUTE: '1000000',
  });
  const gateway = await startService('gateway', { environment, broker, store, telemetry: SILENT });
  const { address, firstToken } = gateway as typeof gateway & GatewayFacts;
  try {
    const bare = bareSale(store, broker);
    const posted = postedSale(address, firstToken ?? '', tills);
    const warmUp = Math.ceil(sales / 5);
    await measure(warmUp, tills, bare);
    await measure(warmUp, tills, posted);
    const half = Math.ceil(sales / 2);
    const runs = { bare: [] as Figures[], posted: [] as Figures[] };
    for (let round = 0; round < 2; round++) {
      const from = warmUp + round * half;
      runs.bare.push(await measure(half, tills, (i) => bare(from + i)));
      runs.posted.push(await measure(half, tills, (i) => posted(from + i)));
    }
    const best = (of: Figures[]) => of.reduce((a, b) => (a.perSecond >= b.perSecond ? a : b));
    const ratio = best(runs.posted).perSecond / best(runs.bare).perSecond;
    return { ...best(runs.posted), bare: best(runs.bare), ratioToBare: Number(ratio.toFixed(2)) };
  } finally {
    await gateway.stop();
    await broker.close(3_000);
    await store.close();
  }
}

/** `npm run bench -- sales [--sales 4000] [--tills 32]`: sales accepted over HTTP with durable acknowledgement,
 *  beside a bare insert and publish with the same libraries in the same process; embedded, and over MongoDB and
 *  RabbitMQ where they are there. The last line is of the embedded mode. */
export async function sales(args: string[]): Promise<void> {
  const options = {
    sales: { type: 'string', default: '4000' },
    tills: { type: 'string', default: '32' },
  } as const;
  const { values } = parseArgs({ args, options });
  const size = { sales: Number(values.sales), tills: Number(values.tills) };
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const url = process.env['RABBITMQ_URL'];
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
    }
    const store = new SqliteStore(dataDir);
    const broker = new MemoryBroker(SILENT, { services: ['gateway'] });
    const figures = await compare({ store, broker, dataDir, ...size });
    console.log(JSON.stringify({ mode: 'embedded', ...figures }));
    const { perSecond: salesPerSecond, p99Ms, ratioToBare } = figures;
    console.log(JSON.stringify({ salesPerSecond, p99Ms, ratioToBare }));
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
