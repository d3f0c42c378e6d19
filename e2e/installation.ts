import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MongoServer, startMongoServer } from '@regulars/persistence/testing';
import { deleteTopology } from '@regulars/messaging';
import type { ServiceName } from '@regulars/contracts';
import { freePort } from '@regulars/persistence/testing';
import { ServiceProcess } from '../tools/src/system/service-process.js';
import { ApiClient } from '../tools/src/start/client.js';
import { readCompose, serviceProcesses } from './compose.js';

const ROOT = join(import.meta.dirname, '..');
export const BROKER = process.env['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672';

/** The five services as docker-compose.yml states them, as processes on this machine, over a real broker (in a
 *  namespace of its own) and a real MongoDB-protocol server. */
export class Installation {
  private constructor(
    readonly services: Readonly<Record<ServiceName, ServiceProcess>>,
    readonly address: string,
    readonly mongo: MongoServer,
    private readonly rest: { readonly namespace: string; readonly folder: string },
  ) {}

  /** @param variables beside those of the compose file
   *  @param brokerUrl where the services find the broker */
  static async start(
    variables: Readonly<Record<string, string>> = {},
    brokerUrl = BROKER,
  ): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'regulars-e2e-'));
    const namespace = `e2e-${randomBytes(4).toString('hex')}`;
    const port = await freePort();
    const mongo = await startMongoServer(process.env);
    if (mongo === null) throw new Error('no MongoDB-protocol server');
    const secrets = {
      REGULARS_MASTER_KEY: randomBytes(32).toString('base64'),
      RABBITMQ_PASSWORD: 'x',
      MONGO_PASSWORD: 'x',
      GRAFANA_PASSWORD: 'x',
    };
    // What differs from the containers: addresses, folders and ports of this machine.
    const local = {
      RABBITMQ_URL: brokerUrl,
      MONGODB_URI: mongo.uriOf(namespace),
      BROKER_NAMESPACE: namespace,
      DATA_DIR: folder,
      MODELS_DIR: join(ROOT, 'models'),
      DASHBOARD_DIR: join(ROOT, 'apps/dashboard/dist'),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
    };
    const processes: Partial<Record<ServiceName, ServiceProcess>> = {};
    for (const { service, command, environment } of serviceProcesses(readCompose(secrets)))
      processes[service] = await ServiceProcess.create(service, command, {
        ...environment,
        ...local,
        ...variables,
      });
    const services = processes as Record<ServiceName, ServiceProcess>;
    const installation = new Installation(services, `http://127.0.0.1:${port}`, mongo, { namespace, folder });
    try {
      for (const service of Object.values(services)) service.launch();
      await Promise.all(Object.values(services).map((service) => service.untilReady()));
      return installation;
    } catch (error) {
      await installation.end();
      throw error;
    }
  }

  /** The API with the owner's token that the gateway printed. */
  api(): ApiClient {
    const token = /Owner's token, shown this once: (\S+)/.exec(this.services.gateway.output)?.[1];
    if (token === undefined) throw new Error('the gateway printed no token');
    return new ApiClient(this.address, token);
  }

  get token(): string {
    return /Owner's token, shown this once: (\S+)/.exec(this.services.gateway.output)?.[1] ?? '';
  }

  /** @returns exit codes by service */
  async end(): Promise<Record<string, number | null>> {
    const codes = await Promise.all(
      Object.values(this.services).map(async (service) => [service.name, await service.end()] as const),
    );
    await this.mongo.stop();
    await deleteTopology(BROKER, this.rest.namespace);
    rmSync(this.rest.folder, { recursive: true, force: true });
    return Object.fromEntries(codes);
  }
}
