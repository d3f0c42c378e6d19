import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const AWAIT_SECONDS = 90;

/** Kills this machine's RabbitMQ with -9 and starts it again; for a broker that is there for tests.
 *  @throws Error when it cannot be found or does not come back */
export async function killAndRestartBroker(): Promise<void> {
  const { stdout } = await run('rabbitmqctl', ['eval', 'os:getpid().']);
  const pid = Number(/\d+/.exec(stdout)?.[0]);
  if (!pid) throw new Error(`rabbitmqctl does not say RabbitMQ's process id: ${stdout}`);
  process.kill(pid, 'SIGKILL');
  await sleep(1_000);
  await run('rabbitmq-server', ['-detached']);
  await run('rabbitmqctl', ['await_startup', '--timeout', String(AWAIT_SECONDS)]);
}
