import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteTopology } from '@regulars/messaging';
import { type DocumentStore, MongoStore, SqliteStore } from '@regulars/persistence';
import { freePort, startMongoServer } from '@regulars/persistence/testing';
import { ServiceProcess } from '../../system/service-process.js';
import { DAY_VARIABLES } from './day.js';

/** A start may take so long on a machine that does much else. */
const UP_MS = 300_000;

export type StoreName = 'sqlite' | 'mongo';

/** A gateway and an analytics in a process each, over RabbitMQ and one store, to be killed. */
export class Shop {
  private token = '';

  private constructor(
    readonly gateway: ServiceProcess,
    readonly analytics: ServiceProcess,
    readonly address: string,
    private readonly openStore: () => DocumentStore,
    private readonly clean: () => Promise<void>,
  ) {}

  static async start(storeName: StoreName, brokerUrl: string): Promise<Shop> {
    const namespace = `kills-${randomBytes(4).toString('hex')}.`;
    const dataDir = mkdtempSync(join(tmpdir(), 'regulars-kills-'));
    const port = await freePort();
    const server = storeName === 'mongo' ? await startMongoServer(process.env) : null;
    if (storeName === 'mongo' && server === null) throw new Error('no MongoDB server on this machine');
    const mongoUri = server?.uriOf('kills');
    const mongo: Record<string, string> = mongoUri === undefined ? {} : { MONGODB_URI: mongoUri };
    const variables = {
      DATA_DIR: dataDir,
      RABBITMQ_URL: brokerUrl,
      BROKER_NAMESPACE: namespace,
      REGULARS_MASTER_KEY: randomBytes(32).toString('base64'),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_REQUESTS_PER_MINUTE: '1000000',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'error',
      ...mongo,
      ...DAY_VARIABLES,
    };
    const command = (name: string) => ['node', '--enable-source-maps', 'tools/dist/serve.js', name];
    const gateway = await ServiceProcess.create('gateway', command('gateway'), variables);
    const analytics = await ServiceProcess.create('analytics', command('analytics'), variables);
    const open = () => (mongoUri === undefined ? new SqliteStore(dataDir) : new MongoStore(mongoUri));
    const shop = new Shop(gateway, analytics, `http://127.0.0.1:${port}`, open, async () => {
      await server?.stop();
      await deleteTopology(brokerUrl, namespace);
      rmSync(dataDir, { recursive: true, force: true });
    });
    try {
      // One after the other: two that make the same SQLite file at once have to wait for each other.
      await up(gateway);
      await up(analytics);
      shop.token = /shown this once: (\S+)/.exec(gateway.output)?.[1] ?? '';
      return shop;
    } catch (error) {
      await shop.end();
      throw error;
    }
  }

  /** @returns the status, or null when the gateway did not answer */
  async send(path: string, json: object, headers: Readonly<Record<string, string>>): Promise<Answer | null> {
    try {
      const response = await fetch(this.address + path, {
        method: 'POST',
        body: JSON.stringify(json),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}`, ...headers },
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  /** Another connection to the same data. */
  async store(): Promise<DocumentStore> {
    const store = this.openStore();
    await store.open();
    return store;
  }

  async end(): Promise<void> {
    await Promise.all([this.gateway.end('SIGKILL'), this.analytics.end('SIGKILL')]);
    await this.clean();
  }
}

/** Starts it, or starts it again after a kill. */
export async function up(service: ServiceProcess): Promise<void> {
  service.launch();
  await service.untilReady(UP_MS);
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}
