import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SERVICES } from '@regulars/contracts';
import { ROOT } from '../root.js';
import { ApiClient } from '../start/client.js';
import { freePort } from './free-port.js';
import { ServiceProcess } from './service-process.js';

export type Mode = 'embedded' | 'distributed';

export interface SystemOptions {
  readonly mode: Mode;
  readonly dataDir: string;
  /** Variables beside those that the mode needs. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A whole installation of its own: one process, or five over a broker and a store. */
export class System {
  private constructor(
    readonly processes: readonly ServiceProcess[],
    private readonly port: number,
  ) {}

  /** Starts it and waits until every part is ready.
   *  @throws Error when RABBITMQ_URL or MONGODB_URI is missing in distributed mode */
  static async start({ mode, dataDir, environment = {} }: SystemOptions): Promise<System> {
    const port = await freePort();
    const shared = {
      DATA_DIR: dataDir,
      MODELS_DIR: join(ROOT, 'models'),
      DASHBOARD_DIR: join(ROOT, 'apps/dashboard/dist'),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      ...(mode === 'distributed' ? distributedVariables() : {}),
      ...environment,
    };
    const command = (name: string) => ['node', '--enable-source-maps', 'tools/dist/serve.js', name];
    const names = mode === 'embedded' ? ['all'] : [...SERVICES].reverse();
    const processes = await Promise.all(names.map((name) => ServiceProcess.create(name, command(name), shared)));
    const system = new System(processes, port);
    try {
      for (const service of processes) service.launch();
      await Promise.all(processes.map((service) => service.untilReady()));
      return system;
    } catch (error) {
      await system.end('SIGKILL');
      throw error;
    }
  }

  get pids(): readonly number[] {
    return this.processes.map(({ pid }) => pid);
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The API with the owner's token that the gateway printed at its first start. */
  api(): ApiClient {
    const output = this.processes.map((service) => service.output).join('\n');
    const token = /Owner's token, shown this once: (\S+)/.exec(output)?.[1];
    if (token === undefined) throw new Error('the gateway printed no token');
    return new ApiClient(this.address, token);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await Promise.all(this.processes.map((service) => service.end(signal)));
  }
}

function distributedVariables(): Record<string, string> {
  const { RABBITMQ_URL, MONGODB_URI } = process.env;
  if (!RABBITMQ_URL || !MONGODB_URI) throw new Error('distributed mode needs RABBITMQ_URL and MONGODB_URI');
  return {
    RABBITMQ_URL,
    MONGODB_URI,
    REGULARS_MASTER_KEY: randomBytes(32).toString('base64'),
    BROKER_NAMESPACE: `bench-${randomBytes(4).toString('hex')}`,
  };
}
