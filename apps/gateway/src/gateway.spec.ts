import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ErrorBody, SILENT } from '@regulars/contracts';
import { TokensRepository } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from './index.js';
import { startRig, type Rig } from './testing/rig.js';

describe('a gateway', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ DASHBOARD_DIR: '/nowhere' });
  });
  afterAll(() => rig.close());

  const get = (headers: Record<string, string>) =>
    rig.request('GET', '/v1/cameras', { headers: { authorization: '', ...headers } });

  it('makes an owner token at the first start that opens the API, and keeps none of it', async () => {
    expect(rig.token).toMatch(/^rgl_[\w-]{43}$/);
    expect((await rig.request('GET', '/v1/cameras')).status).toBe(200);
    expect(rig.logLines.join('')).not.toContain(rig.token.slice(4));
  });

  it('has no fault while broker and store work', async () => {
    expect(await rig.gateway.faults()).toEqual({});
  });

  it('takes further tokens made by the owner', async () => {
    const tokens = new TokensRepository(rig.store);
    const { token } = await tokens.issue('owner', new Date().toISOString());
    expect((await get({ authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('gives every request an id, or keeps the harmless one it came with', async () => {
    const fresh = await rig.request('GET', '/v1/nothing');
    expect(fresh.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{20}$/);
    expect(ErrorBody.parse(await fresh.json()).error.requestId).toBe(fresh.headers.get('x-request-id'));
    const own = await rig.request('GET', '/v1/cameras', { headers: { 'x-request-id': 'till-7.42' } });
    expect(own.headers.get('x-request-id')).toBe('till-7.42');
    const odd = await rig.request('GET', '/v1/cameras', { headers: { 'x-request-id': '<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('answers with headers that let the own page work and nothing else', async () => {
    const { headers } = await fetch(rig.gateway.address);
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'self'", "img-src 'self' blob: data:", "frame-ancestors 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe-eval|https?:|upgrade-insecure|script-src [^;]*unsafe-inline/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const api = await rig.request('GET', '/v1/cameras', { headers: { origin: 'https://elsewhere.example' } });
    expect(api.headers.get('access-control-allow-origin')).toBeNull();
    expect(api.headers.get('cache-control')).toBe('no-store');
  });

  it('says how to build the page when there is none', async () => {
    const page = await fetch(rig.gateway.address);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await page.text()).toContain('npm run build');
  });

  it('observes requests by their pattern, never by their path', async () => {
    await rig.request('GET', '/v1/cameras/secret-camera');
    await rig.request('GET', '/wp-admin.php');
    const text = await rig.metrics.text();
    expect(text).toMatch(
      /regulars_http_request_seconds_count\{[^}]*route="\/v1\/cameras\/:cameraId",status="404"/,
    );
    expect(text).toMatch(/route="none"/);
    expect(text).not.toMatch(/secret-camera|wp-admin/);
  });

  it('refuses a port that is taken, by name', async () => {
    const port = new URL(rig.gateway.address).port;
    const parts = { telemetry: SILENT, broker: rig.broker, store: rig.store };
    const environment = { ...rig.environment, gatewayPort: Number(port) };
    await expect(startGateway({ ...parts, environment })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      fields: { variable: 'GATEWAY_PORT', port: Number(port) },
    });
  });

  it('does not start with another master key than the one that its store was begun with', async () => {
    const parts = { telemetry: SILENT, broker: rig.broker, store: rig.store };
    const environment = { ...rig.environment, masterKey: Buffer.alloc(32, 9).toString('base64') };
    await expect(startGateway({ ...parts, environment })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      fields: { variable: 'REGULARS_MASTER_KEY' },
    });
  });

  it('makes no further token at later starts', async () => {
    const parts = { telemetry: SILENT, broker: rig.broker, store: rig.store };
    const second = await startGateway({ ...parts, environment: rig.environment });
    expect(second.firstToken).toBeNull();
    await second.stop();
  });
});

describe('the page', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
    await rig.close();
    const folder = join(rig.dataDir, 'dist');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Regulars</title>');
    await writeFile(join(folder, 'assets', 'index-4f2k9s7d.js'), 'export {};');
    await writeFile(join(folder, '.env'), 'SECRET=1');
    await writeFile(join(rig.dataDir, 'outside.txt'), 'outside');
    rig = await startRig({ DASHBOARD_DIR: folder });
  });
  afterAll(() => rig.close());

  it.each(['/', '/visits', '/customers/cus_4f2k9s7d1m3q8w6e0h5t'])('is at %s', async (path) => {
    const page = await fetch(rig.gateway.address + path, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await page.text()).toContain('<title>Regulars</title>');
  });

  it('has files that may be kept for ever when their name holds a hash', async () => {
    const file = await fetch(`${rig.gateway.address}/assets/index-4f2k9s7d.js`);
    expect(file.headers.get('content-type')).toMatch(/javascript/);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/assets/missing.js', '/v1/missing', '/docs/missing', '/health/live', '/.env'])(
    'is not at %s',
    async (path) => {
      const answer = await fetch(rig.gateway.address + path, { headers: { accept: 'text/html' } });
      expect(answer.status).toBe(404);
      expect(ErrorBody.parse(await answer.json()).error.code).toBe('NOT_FOUND');
    },
  );

  it.each([
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/..%2f..%2f..%2foutside.txt',
    '/..%5coutside.txt',
  ])('keeps what lies outside of its folder to itself: %s', async (path) => {
    const answer = await fetch(rig.gateway.address + path);
    expect(await answer.text()).not.toContain('outside');
  });
});
