import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVICES } from '@regulars/contracts';
import { type Environment, parseEnvironment } from '@regulars/runtime';
import { ROOT } from '../root.js';
import { type GatewayFacts, serve } from '../serve.js';

type Variables = Readonly<Record<string, string | undefined>>;

export interface Started {
  readonly gateway: GatewayFacts;
  readonly environment: Environment;
  /** Stops everything and ends this process with the code. */
  stop(code: number): Promise<void>;
}

/** All five services in this process.
 *  @returns null when the start failed; the reason is logged and the process ends */
export async function startInOneProcess(variables: Variables, recordTo?: string): Promise<Started | null> {
  const environment = parseEnvironment(variables);
  let gateway: GatewayFacts | null = null;
  const running = await serve({
    environment,
    services: SERVICES,
    onGateway: (facts) => (gateway = facts),
    ...(recordTo === undefined ? {} : { recordTo }),
  });
  if (running === null || gateway === null) return null;
  return { gateway, environment, stop: (code) => running.stop(code) };
}

const FIRST_HEALTH_PORT = 9400;
const FIRST_TOKEN = /Owner's token, shown this once: (\S+)/;

/** Five processes over RABBITMQ_URL and MONGODB_URI, as docker compose would run them. When one ends, all do:
 *  restarting is for compose and k8s. */
export async function startInFive(variables: Variables): Promise<Started> {
  const environment = parseEnvironment(variables);
  const missing = ['RABBITMQ_URL', 'MONGODB_URI', 'REGULARS_MASTER_KEY'].filter((name) => !variables[name]);
  if (missing.length > 0)
    throw new Error(`five processes need ${missing.join(', ')}; docs/configuration.md says what they are`);
  const children = SERVICES.map((service, index) => startOne(service, variables, FIRST_HEALTH_PORT + index));
  const [gateway] = children.slice(-1);
  let stopping: Promise<void> | null = null;
  const stop = (code: number) => (stopping ??= stopAll(children, code));
  for (const child of children) child.on('exit', (code) => void stop(code ?? 1));
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
  const firstToken = await firstTokenOf(gateway);
  const address = `http://${environment.gatewayHost === '0.0.0.0' ? '127.0.0.1' : environment.gatewayHost}:${environment.gatewayPort}`;
  return { gateway: { address, firstToken }, environment, stop };
}

function startOne(service: string, variables: Variables, healthPort: number): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', join(ROOT, 'tools/dist/serve.js'), service], {
    cwd: ROOT,
    // A group of its own: Ctrl-C reaches this process only, which then asks each child once.
    detached: true,
    stdio: ['ignore', service === 'gateway' ? 'pipe' : 'inherit', 'inherit'],
    env: { ...variables, HEALTH_PORT: String(healthPort) },
  });
}

/** Passes the gateway's output on and catches the token that it prints at its first start.
 *  @returns null when the gateway is ready without printing one */
function firstTokenOf(gateway: ChildProcess | undefined): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let token: string | null = null;
    gateway?.stdout?.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text);
      token ??= FIRST_TOKEN.exec(text)?.[1] ?? null;
      if (/"?(msg"?:"ready"|: ready)/.test(text)) resolve(token);
    });
    gateway?.on('exit', (code) => reject(new Error(`the gateway ended with exit code ${code ?? 'none'}`)));
  });
}

async function stopAll(children: readonly ChildProcess[], code: number): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  const gone = Promise.all(running.map((child) => once(child, 'exit')));
  for (const child of running) child.kill('SIGTERM');
  await gone;
  process.exit(code);
}
