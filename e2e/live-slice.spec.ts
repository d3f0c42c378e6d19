import { join } from 'node:path';
import { type LiveEvent, METRICS } from '@regulars/contracts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sumOfMetric } from '../tools/src/system/service-process.js';
import { hasChromium, openBrowser } from './browser.js';
import { hasPeople, PEOPLE, still } from './films.js';
import { Installation } from './installation.js';
import { requirements } from './requirements.js';
import { type RtspCamera, startRtspCamera } from './rtsp-camera.js';
import { machine } from './machine.js';

const REGULAR = 'Anna Regular';
/** Camera by the person before it: only P1 is enrolled, from another clip than the one that plays. */
const CAMERAS = { entrance: 'brother.mkv', counter: 'bird.mkv', aisle: 'school.mkv' } as const;

const here = await machine();
const canRun = requirements('five processes, end to end', { ...here, Chromium: hasChromium }, hasPeople);

describe.runIf(canRun)('five processes, a real broker, store, cameras and browser', () => {
  let installation: Installation;
  let browser: Browser;
  const rtsp: RtspCamera[] = [];
  const heard: LiveEvent[] = [];
  let customerId = '';

  beforeAll(async () => {
    installation = await Installation.start();
    const api = installation.api();
    api.live({ onEvent: (event) => heard.push(event) });
    const consent = { textVersion: 'e2e', givenAt: new Date().toISOString() };
    ({ customerId } = await api.addCustomer({ displayName: REGULAR, consent }));
    await api.enrol(customerId, [still(join(PEOPLE, 'again.mkv'), 0.5)]);
    for (const [cameraId, clip] of Object.entries(CAMERAS)) {
      const camera = await startRtspCamera(join(PEOPLE, clip), cameraId);
      rtsp.push(camera);
      await api.addCamera({ cameraId, name: cameraId, source: camera.url });
    }
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all(rtsp.map((camera) => camera.close()));
    await installation?.end();
  }, 60_000);

  const identifiedOn = (cameraId: string) =>
    heard.flatMap(({ payload }) =>
      payload.kind === 'sighting-identified' && payload.cameraId === cameraId ? [payload.who] : [],
    );

  it('tells over Socket.IO who the enrolled person is', async () => {
    await vi.waitUntil(() => identifiedOn('entrance').some((who) => who.kind === 'customer'), {
      timeout: 60_000,
      interval: 100,
    });
    expect(identifiedOn('entrance')).toContainEqual({ kind: 'customer', customerId, displayName: REGULAR });
  }, 70_000);

  it('calls the others strangers, and nobody by the wrong name', async () => {
    for (const cameraId of ['counter', 'aisle']) {
      await vi.waitUntil(() => identifiedOn(cameraId).some((who) => who.kind === 'stranger'), {
        timeout: 60_000,
        interval: 100,
      });
      expect(identifiedOn(cameraId).filter((who) => who.kind === 'customer')).toEqual([]);
    }
  }, 70_000);

  it('opens one visit for the regular, however often the clip shows her', async () => {
    await vi.waitUntil(async () => (await installation.api().openVisitOf(customerId)) !== null, {
      timeout: 30_000,
      interval: 200,
    });
    const started = heard.filter(
      ({ payload }) => payload.kind === 'visit-started' && payload.who.kind === 'customer',
    );
    expect(started).toHaveLength(1);
  }, 40_000);

  it('shows her name on the live page', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${installation.address}/#token=${installation.token}`);
    await page.getByText(REGULAR).first().waitFor({ timeout: 30_000 });
    expect(page.url()).not.toContain('token');
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('says in its metrics what it does, each panel of the dashboard included', async () => {
    const texts = await Promise.all(Object.values(installation.services).map((service) => service.metrics()));
    for (const text of texts)
      for (const name of Object.keys(METRICS)) expect(text).toContain(`# TYPE ${name} `);
    const sum = (name: string) => texts.reduce((total, text) => total + sumOfMetric(text, name), 0);
    expect(sum('regulars_frames_captured_total')).toBeGreaterThan(0);
    expect(sum('regulars_visits_open')).toBeGreaterThan(0);
    expect(sum('regulars_live_events_total')).toBeGreaterThan(0);
  });

  it('keeps names, credentials and tokens out of every log', () => {
    const logs = Object.values(installation.services).map(({ output }) =>
      output.replace(/^(Owner's token|The page:).*$/gm, ''),
    );
    for (const log of logs) {
      expect(log).not.toContain(REGULAR);
      expect(log).not.toContain(installation.token);
      expect(log).not.toMatch(/guest:guest/);
    }
  });

  it('ends cleanly when told to', async () => {
    for (const service of Object.values(installation.services)) expect(await service.end()).toBe(0);
  }, 60_000);
});
