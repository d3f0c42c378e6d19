import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server that speaks MongoDB's protocol: GPL-2.0, so a tool of the tests only (docs/persistence.md). */
const SERVER = fileURLToPath(new URL('../../../../.venv/bin/secantusd-py', import.meta.url));
const START_TIMEOUT_MS = 30_000;

export interface MongoServer {
  /** Address of one of its databases. */
  uriOf(database: string): string;
  /** The process, for tests that kill it; null for a server that was there already. */
  readonly process: RestartableServer | null;
  stop(): Promise<void>;
}

export interface RestartableServer {
  /** kill -9: nothing is flushed. */
  kill(): Promise<void>;
  /** On the same port and files. */
  start(): Promise<void>;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

class LocalServer implements MongoServer, RestartableServer {
  private child: ChildProcess | null = null;
  private readonly folder = mkdtempSync(join(tmpdir(), 'regulars-mongo-'));
  private readonly killAtExit = () => this.child?.kill('SIGKILL');

  constructor(private readonly port: number) {
    process.once('exit', this.killAtExit);
  }

  get process(): RestartableServer {
    return this;
  }

  uriOf(database: string): string {
    return `mongodb://127.0.0.1:${this.port}/${database}?directConnection=true`;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--storage-path', this.folder, '--sync-on-commit'];
    const child = spawn(SERVER, args, { stdio: 'ignore' });
    this.child = child;
    const giveUpAt = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > giveUpAt) {
        throw new Error(`${SERVER} does not start on port ${this.port} (exit code ${child.exitCode})`);
      }
      await delay(50);
    }
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await this.kill();
    process.removeListener('exit', this.killAtExit);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A server for tests: the one that REGULARS_MONGODB_TEST_URI names, else one of its own from `.venv`.
 *  @returns null, with the reason printed, when there is none
 *  @throws Error when there is none although REGULARS_REQUIRE_SERVICES=1 */
export async function startMongoServer(
  env: Readonly<Record<string, string | undefined>>,
): Promise<MongoServer | null> {
  const given = env.REGULARS_MONGODB_TEST_URI;
  if (given) {
    const [, address = given, options = ''] = /^([a-z+]+:\/\/[^/?]+)\/?[^?]*(\?.*)?$/i.exec(given) ?? [];
    return {
      uriOf: (database) => `${address}/${database}${options}`,
      process: null,
      stop: async () => undefined,
    };
  }
  if (existsSync(SERVER)) {
    const server = new LocalServer(await freePort());
    await server.start();
    return server;
  }
  const reason = `no MongoDB: set REGULARS_MONGODB_TEST_URI, or make ${SERVER} as CONTRIBUTING.md describes`;
  if (env.REGULARS_REQUIRE_SERVICES === '1') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return null;
}
