import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The compiled packages: a process of its own does not run from source. */
const gateway = new URL('../../dist/index.js', import.meta.url).href;
const lib = (name: string) => new URL(`../../../../libs/${name}/dist/index.js`, import.meta.url).href;

const PROGRAM = `
const { startGateway } = await import(${JSON.stringify(gateway)});
const { MemoryBroker } = await import(${JSON.stringify(lib('messaging'))});
const { SqliteStore } = await import(${JSON.stringify(lib('persistence'))});
const { createMetrics, createTelemetry, environmentOfProcess } = await import(${JSON.stringify(lib('runtime'))});
const environment = environmentOfProcess();
const destination = { write: (line) => process.stderr.write(line) };
const telemetry = createTelemetry({ service: 'gateway', environment, metrics: createMetrics(), destination });
const store = new SqliteStore(environment.dataDir);
await store.open();
const broker = new MemoryBroker(telemetry, { services: ['gateway'] });
await broker.tap(({ key, eventId }) => process.stdout.write(key + ' ' + eventId + '\\n'));
const { address, firstToken } = await startGateway({ environment, telemetry, broker, store });
process.stdout.write('listens ' + address + ' ' + (firstToken ?? '') + '\\n');
`;

/** A gateway in a process of its own, to be killed. */
export interface GatewayProcess {
  readonly address: string;
  readonly firstToken: string;
  /** Ids of the events it published, by key. */
  readonly told: readonly (readonly [key: string, eventId: string])[];
  kill(): Promise<void>;
}

export async function startGatewayProcess(
  variables: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { LOG_LEVEL: 'error', GATEWAY_REQUESTS_PER_MINUTE: '1000000', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: [string, string][] = [];
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const listens = new Promise<string[]>((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('no output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [first = '', second = '', third = ''] = line.split(' ');
      if (first === 'listens') resolve([second, third]);
      else told.push([first, second]);
    });
    void ended.then(() => reject(new Error('the gateway ended before it listened')));
  });
  const [address = '', firstToken = ''] = await listens;
  return { address, firstToken, told, kill };
}
