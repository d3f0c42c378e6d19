import { join } from 'node:path';
import { SERVICES } from '@regulars/contracts';
import { freePort } from '@regulars/persistence/testing';
import { ROOT } from '../root.js';
import { ApiClient } from '../start/client.js';
import { ServiceProcess } from './service-process.js';

export type Mode = 'embedded' | 'distributed';

export interface SystemOptions {
  readonly mode: Mode;
  readonly dataDir: string;
  /** Variables beside the folders and ports; in distributed mode those of `openServers` at least. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A whole installation of its own: one process, or five over a broker and a store. */
export class System {
  private constructor(
    readonly processes: readonly ServiceProcess[],
    private readonly port: number,
  ) {}

  /** Starts it and waits until every part is ready.
   *  @throws Error with the last lines of a process that does not become ready */
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
      ...environment,
    };
    const command = (name: string) => ['node', '--enable-source-maps', 'tools/dist/serve.js', name];
    const names = mode === 'embedded' ? ['all'] : [...SERVICES].reverse();
    const processes = await Promise.all(
      names.map((name) => ServiceProcess.create(name, command(name), shared)),
    );
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

  /** The process of a service; in embedded mode the one process.
   *  @throws Error when there is none */
  process(name: string): ServiceProcess {
    const found =
      this.processes.find((service) => service.name === name) ??
      (this.processes.length === 1 ? this.processes[0] : undefined);
    if (found === undefined) throw new Error(`no process ${name}`);
    return found;
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
