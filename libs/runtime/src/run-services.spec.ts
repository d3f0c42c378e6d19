import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { RegularsError } from '@regulars/contracts';
import { describe, expect, it, vi } from 'vitest';
import { createMetrics } from './metrics.js';
import { runServices, type Startable } from './run-services.js';
import { createTelemetry } from './telemetry.js';

/** A process that only remembers how it ended. */
class RememberingHost extends EventEmitter {
  readonly exits: number[] = [];
  readonly ended = new Promise<number>((resolve) => this.once('ended', resolve));

  exit(code: number): void {
    this.exits.push(code);
    this.emit('ended', code);
  }
}

function setUp(services: readonly Startable[], shutdownTimeoutMs = 500) {
  const host = new RememberingHost();
  const lines: string[] = [];
  const metrics = createMetrics();
  const { log } = createTelemetry({
    service: 'test',
    environment: { logLevel: 'info', logFormat: 'json' },
    metrics,
    destination: { write: (line) => void lines.push(line) },
  });
  const environment = { healthHost: '127.0.0.1', healthPort: 0, shutdownTimeoutMs };
  return { host, lines, running: runServices({ environment, log, services, metrics, host }) };
}

/** A service that writes down when it starts and stops. */
function noted(
  name: string,
  notes: string[],
  stop: () => Promise<void> = () => Promise.resolve(),
): Startable {
  return {
    name,
    start: () => {
      notes.push(`+${name}`);
      return Promise.resolve({
        faults: () => Promise.resolve({}),
        stop: () => {
          notes.push(`-${name}`);
          return stop();
        },
      });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const never = (): Promise<never> => new Promise(() => {});

describe('runServices', () => {
  it('starts in order, says ready, stops in reverse order on SIGTERM and exits with 0', async () => {
    const notes: string[] = [];
    const { host, lines, running } = setUp([noted('store', notes), noted('a', notes), noted('b', notes)]);
    const port = (await running)?.healthPort;
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    host.emit('SIGTERM', 'SIGTERM');
    expect(await host.ended).toBe(0);
    expect(notes).toEqual(['+store', '+a', '+b', '-b', '-a', '-store']);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['ready', 'stopping', 'stopped']);
  });

  it('is live but not ready while a service is starting', async () => {
    let finish: () => void = () => {};
    const slow: Startable = {
      name: 'slow',
      start: () =>
        new Promise((resolve) => {
          finish = () => resolve({ faults: () => Promise.resolve({}), stop: () => Promise.resolve() });
        }),
    };
    const port = await freePort();
    const host = new RememberingHost();
    const metrics = createMetrics();
    const { log } = createTelemetry({
      service: 'test',
      environment: { logLevel: 'silent', logFormat: 'json' },
      metrics,
    });
    const environment = { healthHost: '127.0.0.1', healthPort: port, shutdownTimeoutMs: 500 };
    const running = runServices({ environment, log, services: [slow], metrics, host });
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { slow: { start: 'starting' } }]);
    finish();
    await (await running)?.stop();
    expect(host.exits).toEqual([0]);
  });

  it('exits with 130 at once on the second signal', async () => {
    const { host, running } = setUp([noted('stuck', [], never)], 60_000);
    await running;
    host.emit('SIGINT', 'SIGINT');
    await vi.waitFor(() => {
      host.emit('SIGINT', 'SIGINT');
      expect(host.exits).toEqual([130]);
    });
  });

  it('takes two signals of one Ctrl-C for one: npm passes on what the terminal has sent already', async () => {
    const notes: string[] = [];
    const { host, running } = setUp([noted('service', notes)], 60_000);
    await running;
    host.emit('SIGINT', 'SIGINT');
    host.emit('SIGINT', 'SIGINT');
    expect(await host.ended).toBe(0);
    expect(notes).toEqual(['+service', '-service']);
  });

  it('does not wait for ever for one that hangs, still stops the others, and exits with 1', async () => {
    const notes: string[] = [];
    const { host, lines, running } = setUp([noted('store', notes), noted('stuck', notes, never)], 100);
    await running;
    const before = performance.now();
    host.emit('SIGTERM', 'SIGTERM');
    expect(await host.ended).toBe(1);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(notes).toEqual(['+store', '+stuck', '-stuck', '-store']);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ services: ['stuck'], msg: 'not stopped in time' });
  });

  it.each([
    [new RegularsError('MODEL_MISSING', { file: 'face.onnx' }), 1],
    [new RegularsError('CONFIGURATION_INVALID', { DATA_DIR: 'is a file' }), 78],
    [new Error('odd'), 1],
  ])('a failed start stops what runs already and explains itself: %s', async (error, code) => {
    const notes: string[] = [];
    const broken: Startable = { name: 'broken', start: () => Promise.reject(error) };
    const { host, lines, running } = setUp([noted('store', notes), broken]);
    expect(await running).toBeNull();
    expect(host.exits).toEqual([code]);
    expect(notes).toEqual(['+store', '-store']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', msg: 'not started' });
  });

  it('stops a service that was still starting when the signal came', async () => {
    const notes: string[] = [];
    let finish: () => void = () => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const inner = noted('slow', notes);
    const slow: Startable = { name: 'slow', start: () => gate.then(() => inner.start()) };
    const { host, running } = setUp([slow, noted('next', notes)]);
    host.emit('SIGTERM', 'SIGTERM');
    finish();
    expect(await running).toBeNull();
    expect(await host.ended).toBe(0);
    expect(notes.filter((note) => note.includes('next'))).toEqual([]);
    expect(notes.filter((note) => note === '+slow').length).toBe(
      notes.filter((note) => note === '-slow').length,
    );
  });

  it('logs an uncaught error, stops and exits with 1', async () => {
    const notes: string[] = [];
    const { host, lines, running } = setUp([noted('a', notes)]);
    await running;
    host.emit('unhandledRejection', new Error('amqp://u:hush@host lost'));
    expect(await host.ended).toBe(1);
    expect(notes).toEqual(['+a', '-a']);
    expect(lines.join()).not.toContain('hush');
  });
});
