import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const compiled = new URL('../dist/index.js', import.meta.url).href;

const PROGRAM = `
const { environmentOfProcess, explainEarlyFailure, createTelemetry, runServices } = await import('${compiled}');
try {
  const environment = environmentOfProcess();
  const { log } = createTelemetry({ service: 'regulars', environment });
  const stop = process.argv.includes('stuck') ? () => new Promise(() => {}) : async () => {};
  await runServices({ environment, log, services: [
    { name: 'one', start: async () => ({ faults: async () => ({}), stop }) },
  ] });
  if (process.argv.includes('crash')) setTimeout(() => { throw new Error('rtsp://a:hush@b broke'); });
} catch (error) {
  process.exitCode = explainEarlyFailure(error);
}`;

/** Runs the compiled lib in a process of its own. */
function launch(options: { args?: string[]; env?: Record<string, string> } = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, ...(options.args ?? [])], {
    env: { PATH: process.env['PATH'], HEALTH_PORT: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const seen = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      look();
    });
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, seen, ended };
}

describe('a process of services', () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'libs/runtime'], { cwd: root });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s', async (signal) => {
    const { child, seen, ended } = launch();
    await seen('"ready"');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('"stopped"') });
  });

  it('ends with 130 at once on a second signal', async () => {
    const { child, seen, ended } = launch({ args: ['stuck'] });
    await seen('"ready"');
    child.kill('SIGINT');
    await seen('"stopping"');
    // Until it is taken for a press of its own.
    const presses = setInterval(() => child.kill('SIGINT'), 100);
    expect((await ended).code).toBe(130);
    clearInterval(presses);
  });

  it('ends with 1 after its time when a service does not stop', async () => {
    const { child, seen, ended } = launch({ args: ['stuck'], env: { SHUTDOWN_TIMEOUT_MS: '200' } });
    await seen('"ready"');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, output: expect.stringContaining('not stopped in time') });
  });

  it('ends with 78 and one line that names every wrong variable', async () => {
    const { code, output } = await launch({ env: { HEALTH_PORT: 'x', RABBITMQ_URL: 'hush' } }).ended;
    expect(code).toBe(78);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(output)).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      fields: { HEALTH_PORT: expect.any(String), RABBITMQ_URL: expect.any(String) },
    });
    expect(output).not.toContain('hush');
  });

  it('ends with 1 after an uncaught error, without its credentials', async () => {
    const { code, output } = await launch({ args: ['crash'] }).ended;
    expect(code).toBe(1);
    expect(output).toContain('unforeseen error');
    expect(output).not.toContain('hush');
  });
});
