import { afterEach, describe, expect, it } from 'vitest';
import { collectFaults, type Faults, type HealthServer, startHealthServer } from './health.js';
import { createMetrics } from './metrics.js';

const open: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(faults: () => Promise<Faults>, port = 0): Promise<string> {
  const server = await startHealthServer({ host: '127.0.0.1', port, metrics: createMetrics(), faults });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

describe('the health server', () => {
  it('is live, and ready while nothing is at fault', async () => {
    const address = await serve(() => Promise.resolve({}));
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    const ready = await fetch(`${address}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, {}]);
  });

  it('names service, dependency and reason when it is not ready, and stays live', async () => {
    const faults = { recognition: { broker: 'connection refused' } };
    const address = await serve(() => Promise.resolve(faults));
    const ready = await fetch(`${address}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, faults]);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
  });

  it('serves metrics in the text form of Prometheus', async () => {
    const answer = await fetch(`${await serve(() => Promise.resolve({}))}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toContain('# TYPE regulars_camera_state gauge');
  });

  it('answers 404 and 405 to what it does not serve', async () => {
    const address = await serve(() => Promise.resolve({}));
    expect((await fetch(`${address}/`)).status).toBe(404);
    expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('says PORT_TAKEN when another program has the port', async () => {
    const port = Number(new URL(await serve(() => Promise.resolve({}))).port);
    await expect(serve(() => Promise.resolve({}), port)).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      fields: { variable: 'HEALTH_PORT', port },
    });
  });
});

describe('collectFaults', () => {
  it('reports only what is wrong, and a check that hangs or throws as a fault of its own', async () => {
    const services = new Map([
      ['analytics', { faults: () => Promise.resolve({}) }],
      ['gateway', { faults: () => Promise.resolve({ store: 'mongodb://a:hush@host is away' }) }],
      ['capture', { faults: () => new Promise<Record<string, string>>(() => {}) }],
      ['expression', { faults: () => Promise.reject(new Error('broken')) }],
    ]);
    expect(await collectFaults(services, 30)).toEqual({
      gateway: { store: 'mongodb://[redacted]@host is away' },
      capture: { check: 'no answer within 30 ms' },
      expression: { check: 'broken' },
    });
  });
});
