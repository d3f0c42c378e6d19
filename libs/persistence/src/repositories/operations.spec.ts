import { randomBytes } from 'node:crypto';
import { CameraView, NewCamera } from '@regulars/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { CamerasRepository } from './cameras-repository.js';
import { Keyring } from './keyring.js';
import { OutboxRepository } from './outbox-repository.js';
import { SettingsRepository } from './settings-repository.js';
import { TokensRepository } from './tokens-repository.js';

const minute = (n: number) => `2026-03-01T09:${String(n).padStart(2, '0')}:00.000Z`;
const SOURCE = 'rtsp://admin:hunter2@10.0.0.5:554/stream?channel=1';
const camera = NewCamera.parse({ cameraId: 'entrance', name: 'Entrance', source: SOURCE });
const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  describe('cameras', () => {
    const masterKey = new Uint8Array(randomBytes(32));
    const repository = (store = under.store) => new CamerasRepository(store, new Keyring(store, masterKey));

    it('are added once, listed without their credentials and opened with them', async () => {
      const cameras = repository();
      const view = await cameras.add(camera, minute(0));
      expect(CameraView.parse(view).source).toBe('rtsp://[redacted]@10.0.0.5:554/stream?[redacted]');
      expect(await codeOf(cameras.add(camera, minute(1)))).toBe('CAMERA_EXISTS');
      expect(await cameras.list()).toEqual([view]);
      expect(await cameras.list('other')).toEqual([]);
      expect(JSON.stringify(await cameras.list('main'))).not.toContain('hunter2');
      expect(await cameras.configurations()).toEqual([{ ...camera, revision: 1 }]);
      const changed = await cameras.change('entrance', { fps: 2, source: 'rtsp://a:b@other/' });
      expect(changed).toEqual({ ...view, fps: 2, source: 'rtsp://[redacted]@other/' });
      expect(await cameras.configurations()).toEqual([
        { ...camera, fps: 2, source: 'rtsp://a:b@other/', revision: 2 },
      ]);
      expect(await codeOf(cameras.change('exit', { fps: 1 }))).toBe('CAMERA_NOT_FOUND');
      expect(await cameras.remove('entrance')).toBe(true);
      expect(await cameras.get('entrance')).toBeNull();
    });

    it('keep the newest state, in whatever order states arrive', async () => {
      const cameras = repository();
      await cameras.add(camera, minute(0));
      const status = (n: number, state: 'live' | 'stalled') =>
        ({
          cameraId: 'entrance',
          storeId: 'main',
          state,
          since: minute(n),
          fault: null,
          widthPx: 1280,
          heightPx: 720,
        }) as const;
      await cameras.recordStatus(status(3, 'live'));
      await cameras.recordStatus(status(2, 'stalled'));
      expect((await cameras.get('entrance'))?.status).toEqual({
        state: 'live',
        since: minute(3),
        fault: null,
        widthPx: 1280,
        heightPx: 720,
      });
    });

    it('are filmed by one process at a time', async () => {
      const cameras = repository();
      const elsewhere = repository(await under.again());
      await cameras.add(camera, minute(0));
      const time = (nowMs: number) => ({ nowMs, untilMs: nowMs + 10 });
      const both = await Promise.all([
        cameras.lease('entrance', 'a', time(100)),
        elsewhere.lease('entrance', 'b', time(100)),
      ]);
      expect(both.filter((mine) => mine)).toHaveLength(1);
      const [owner, other] = both[0] ? ['a', 'b'] : ['b', 'a'];
      expect(await cameras.lease('entrance', owner ?? '', time(105))).toBe(true);
      expect(await cameras.lease('entrance', other ?? '', time(112))).toBe(false);
      expect(await cameras.lease('entrance', other ?? '', time(115))).toBe(true);
      expect(await cameras.lease('entrance', owner ?? '', time(116))).toBe(false);
      await cameras.release('entrance', owner ?? '');
      expect(await cameras.lease('entrance', owner ?? '', time(117))).toBe(false);
      await cameras.release('entrance', other ?? '');
      expect(await cameras.lease('entrance', owner ?? '', time(118))).toBe(true);
      expect(await cameras.lease('removed', 'a', time(0))).toBe(false);
    });
  });

  describe('the outbox', () => {
    const message = (n: number, body?: Uint8Array) => ({
      eventId: `evt_${String(n).padStart(20, '0')}`,
      key: 'visit.started',
      producer: 'analytics' as const,
      happenedAt: minute(n % 60),
      payload: { n, 'dotted.key': [null, { $odd: true }] },
      ...(body && { body }),
    });

    it('gives the events of its service back in the order they were kept, each once', async () => {
      const outbox = new OutboxRepository(under.store, 'analytics');
      const gateway = new OutboxRepository(under.store, 'gateway');
      const messages = [5, 3, 9, 1].map((n) => message(n));
      for (const one of messages) await outbox.keep(one);
      await outbox.keep(message(3));
      await gateway.keep(message(7, Uint8Array.of(1, 2)));
      expect(await outbox.oldest(10)).toEqual(messages);
      expect(await outbox.oldest(2)).toEqual(messages.slice(0, 2));
      expect(await outbox.size()).toBe(4);
      expect(await gateway.oldest(1)).toEqual([message(7, Uint8Array.of(1, 2))]);
      await outbox.forget(message(5).eventId);
      await outbox.forget(message(5).eventId);
      expect(await outbox.oldest(10)).toEqual(messages.slice(1));
      expect(await gateway.size()).toBe(1);
    });

    it('keeps the order over a restart with the clock put back, and of events kept at once', async () => {
      const before = new OutboxRepository(under.store, 'analytics', () => 2_000_000_000_000);
      await before.keep(message(9));
      const after = new OutboxRepository(await under.again(), 'analytics', () => 1_000_000_000_000);
      await Promise.all([4, 2, 8].map((n) => after.keep(message(n))));
      expect((await after.oldest(9)).map(({ eventId }) => eventId)).toEqual(
        [9, 4, 2, 8].map((n) => message(n).eventId),
      );
    });
  });

  describe('tokens', () => {
    it('are found by the token, listed without it, and gone when revoked', async () => {
      const tokens = new TokensRepository(under.store);
      const issued = await tokens.issue('till', minute(1));
      expect(issued.token).toMatch(/^rgl_[\w-]{43}$/);
      const record = {
        tokenId: issued.tokenId,
        name: 'till',
        role: 'owner',
        createdAt: minute(1),
        revokedAt: null,
      };
      expect(await tokens.find(issued.token)).toEqual(record);
      expect(await tokens.find(`${issued.token}x`)).toBeNull();
      expect(await tokens.find(issued.tokenId)).toBeNull();
      expect(await tokens.list()).toEqual([record]);
      expect(JSON.stringify(await tokens.list())).not.toContain(issued.token);
      expect(await tokens.revoke(issued.tokenId, minute(2))).toBe(true);
      expect(await tokens.revoke(issued.tokenId, minute(3))).toBe(false);
      expect(await tokens.find(issued.token)).toBeNull();
      expect(await tokens.list()).toEqual([{ ...record, revokedAt: minute(2) }]);
    });

    it('begin with one for the owner, of several processes that start at once', async () => {
      const several = [under.store, await under.again(), await under.again()].map(
        (store) => new TokensRepository(store),
      );
      const issued = await Promise.all(several.map((tokens) => tokens.issueFirst('owner', minute(0))));
      expect(issued.filter((token) => token !== null)).toHaveLength(1);
      expect(await several[0]?.list()).toHaveLength(1);
      const [first] = issued.filter((token) => token !== null);
      await several[0]?.revoke(first?.tokenId ?? '', minute(1));
      expect(await several[1]?.issueFirst('owner', minute(2))).toBeNull();
      expect(await several[1]?.issue('another', minute(2))).toMatchObject({
        token: expect.any(String) as string,
      });
    });
  });

  describe('settings', () => {
    it('are read by their schema, and a high-water mark only rises', async () => {
      const settings = new SettingsRepository(under.store);
      const schema = z.strictObject({ days: z.int() });
      expect(await settings.get('retention', schema)).toBeNull();
      await settings.set('retention', { days: 30 });
      expect(await settings.get('retention', schema)).toEqual({ days: 30 });
      await expect(settings.get('retention', z.string())).rejects.toThrow();
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 5 }),
          fc.uuid(),
          async (marks, name) => {
            const raised = [];
            for (const n of marks) raised.push(await settings.raise(name, minute(n)));
            expect(raised).toEqual(marks.map((_, i) => minute(Math.max(...marks.slice(0, i + 1)))));
          },
        ),
        { numRuns: 10 },
      );
    });
  });
});
