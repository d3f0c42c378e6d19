import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraMode, SILENT } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { Keyring, PseudonymsRepository, SqliteStore, TemplatesRepository } from '@regulars/persistence';
import { codeOf } from '@regulars/persistence/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventSender } from '../frames/event-sender.js';
import { IdentityJudge } from '../frames/identity-judge.js';
import { Sessions } from '../frames/sessions.js';
import { Gallery } from '../gallery/gallery.js';
import { ListeningPublisher } from '../testing/listening-publisher.js';
import { embeddingOf, type Extra, frameOf, ScriptedVision } from '../testing/scripted-vision.js';
import { TEST_RULES } from '../testing/test-rules.js';
import { makeStrangers } from './start-strangers.js';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAYS_KEPT = 30;
const MASTER_KEY = new Uint8Array(32).fill(3);

/** Recognition without its models: faces are numbers. */
describe('strangers', () => {
  let folder: string;
  let store: SqliteStore;
  let keyring: Keyring;
  let publisher: ListeningPublisher;
  let gallery: Gallery;
  let parts: ReturnType<typeof makeStrangers>;
  let sessions: Sessions;
  /** Time of the films and of the machine. */
  let nowMs: number;
  let clockMs: number;

  /** A process of recognition over the same store. */
  const start = async () => {
    gallery = new Gallery();
    const vision = new ScriptedVision();
    const environment = { pseudonymDays: DAYS_KEPT, storeTimeZone: 'Europe/Berlin' };
    const { recogniser } = vision;
    const clock = () => clockMs;
    const scoring = { distanceAtRate: () => 0.05 };
    const shared = { store, keyring, publisher, telemetry: SILENT };
    parts = makeStrangers({ ...shared, environment, recogniser, scoring, clock });
    await parts.strangers.readAll();
    const judge = new IdentityJudge(vision, gallery, TEST_RULES);
    const sender = new EventSender(publisher, SILENT);
    const { strangers } = parts;
    sessions = new Sessions(vision, judge, sender, { maxAgeMs: 0, telemetry: SILENT, strangers });
  };
  const frame = async (cameraId: string, mode: CameraMode, people: readonly Extra[]) => {
    const capturedAt = new Date(nowMs).toISOString();
    const shape = { widthPx: 1280, heightPx: 720, sequence: 0 };
    const rest = { cameraId, storeId: 'main', frameId: `${cameraId}-${nowMs}`, capturedAt, mode };
    await sessions.onFrame({ ...shape, ...rest }, frameOf(...people));
    nowMs += 200;
  };
  /** People stand before a camera for a while and go. */
  const pass = async (
    people: readonly Extra[],
    mode: CameraMode = 'returning',
    cameraId = 'door',
    frames = 10,
  ) => {
    for (let i = 0; i < frames; i++) await frame(cameraId, mode, people);
    for (let i = 0; i < 10; i++) await frame(cameraId, mode, []);
    await parts.strangers.settled();
    nowMs += 60_000;
  };
  const pseudonymsOf = (key = 'sighting.ended') =>
    publisher.of(key).map(({ identity }) => (identity as { pseudonymId?: string }).pseudonymId ?? null);
  const repository = () => new PseudonymsRepository(store, keyring);
  const listed = async () => (await repository().list('main', { limit: 100 })).items;
  const details = (face: number, x = 500): Extra => ({ x, face });
  const change = (request: Parameters<typeof parts.desk.change>[0]['change']) =>
    parts.desk.change({ change: request }, new Date(clockMs).toISOString());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-strangers-'));
    store = new SqliteStore(folder);
    await store.open();
    keyring = new Keyring(store, MASTER_KEY);
    publisher = new ListeningPublisher();
    nowMs = clockMs = NOON;
    await start();
  });
  afterEach(async () => {
    await sessions.close();
    await parts.retention.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('get one pseudonym however often they come, and others another', async () => {
    await pass([details(3)]);
    await pass([details(3)], 'returning', 'till');
    await pass([details(4)]);
    const [first, again, other] = pseudonymsOf();
    expect(first).toMatch(/^pse_/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(pseudonymsOf('sighting.identified')).toEqual([first, first, other]);
    expect((await listed()).map(({ pseudonymId }) => pseudonymId)).toEqual([other, first]);
  });

  it('get none where the camera only knows members, or counts; nothing of them is stored', async () => {
    await pass([details(3)], 'members');
    await pass([details(3)], 'count');
    expect(pseudonymsOf()).toEqual([null, null]);
    expect(await listed()).toEqual([]);
  });

  it('are known again after recognition was killed, even in the middle of a pass', async () => {
    for (let i = 0; i < 10; i++) await frame('door', 'returning', [details(3)]);
    await parts.strangers.settled();
    const [before] = pseudonymsOf('sighting.identified');
    expect(before).toMatch(/^pse_/);
    // The process is gone: no sighting ends, nothing is closed.
    await start();
    nowMs += 10_000;
    await pass([details(3)]);
    expect(pseudonymsOf()).toEqual([before]);
  });

  it('in one frame are never one, and each is known again', async () => {
    await pass([details(3, 200), details(3, 900)]);
    const both = pseudonymsOf();
    expect(new Set(both).size).toBe(2);
    await pass([details(3)]);
    expect(both).toContain(pseudonymsOf()[2]);
  });

  it('of whom hardly anything was seen get no pseudonym, but may be known by one', async () => {
    await pass([details(3)], 'returning', 'door', 2);
    expect(pseudonymsOf()).toEqual([null]);
    expect(publisher.of('sighting.ended')[0]).toMatchObject({ identity: { kind: 'undecided' } });
    await pass([details(3)]);
    await pass([details(3)], 'returning', 'door', 2);
    expect(pseudonymsOf()[2]).toBe(pseudonymsOf()[1]);
  });

  it('who turn out to be customers leave nothing behind', async () => {
    for (let i = 0; i < 10; i++) await frame('door', 'returning', [details(3)]);
    const customerId = newId('cus');
    gallery.replace(customerId, [{ templateId: newId('tpl'), customerId, embedding: embeddingOf(3) }]);
    await pass([details(3)]);
    expect(publisher.of('sighting.ended')[0]).toMatchObject({ identity: { kind: 'identified', customerId } });
    expect(await listed()).toEqual([]);
  });

  it('of a day are forgotten at midnight of the shop, key and all, and nobody is looked up', async () => {
    const customerId = newId('cus');
    gallery.replace(customerId, [{ templateId: newId('tpl'), customerId, embedding: embeddingOf(3) }]);
    await pass([details(3)], 'day');
    await pass([details(3)], 'day');
    const [first, again] = pseudonymsOf();
    expect(again).toBe(first);
    expect(first).toMatch(/^pse_/);
    clockMs = Date.parse('2026-03-01T22:59:00.000Z');
    await parts.retention.sweep();
    expect(await listed()).toHaveLength(1);
    clockMs = Date.parse('2026-03-01T23:00:00.000Z');
    await parts.retention.sweep();
    expect(await listed()).toEqual([]);
    expect(publisher.of('pseudonym.changed').at(-1)).toMatchObject({ pseudonymId: first, change: 'removed' });
    const purpose = 'anything';
    expect(await codeOf(keyring.seal(first ?? '', purpose, new Uint8Array(4)))).toBe('KEY_DESTROYED');
    await pass([details(3)], 'day');
    expect(pseudonymsOf()[2]).not.toBe(first);
  });

  it('who do not come again are forgotten when their time is over; who come stay, with what is newer', async () => {
    await pass([details(3)]);
    await pass([details(4)]);
    const [regular, once] = pseudonymsOf();
    clockMs += 20 * 24 * HOUR_MS;
    await pass([details(3)]);
    clockMs += 11 * 24 * HOUR_MS;
    await parts.retention.sweep();
    expect((await listed()).map(({ pseudonymId }) => pseudonymId)).toEqual([regular]);
    expect(await repository().countPasses(regular ?? '')).toBe(1);
    expect(publisher.of('pseudonym.changed')).toContainEqual(
      expect.objectContaining({ pseudonymId: once, change: 'removed' }),
    );
    await pass([details(3)]);
    expect(pseudonymsOf()[3]).toBe(regular);
  });

  it('are stored sealed: without the key of the pseudonym nothing can be read', async () => {
    await pass([details(3)]);
    const pseudonymId = pseudonymsOf()[0] ?? '';
    expect((await repository().opened(pseudonymId))[0]?.embedding).toEqual(embeddingOf(3));
    const other = new PseudonymsRepository(store, new Keyring(store, new Uint8Array(32).fill(4)));
    expect(await codeOf(other.opened(pseudonymId))).toBe('CONFIGURATION_INVALID');
    expect(JSON.stringify(publisher.events)).not.toContain('embedding');
  });

  it('wait to be stored while the store is away, and are known meanwhile', async () => {
    publisher.isAway = true;
    await pass([details(3)]);
    publisher.isAway = false;
    await pass([details(3)]);
    await start();
    await pass([details(3)]);
    expect(new Set(pseudonymsOf()).size).toBe(1);
  });

  describe('that an operator knows better', () => {
    it('are merged with the evidence kept, and the merge is undone', async () => {
      await pass([details(3)]);
      await pass([details(4)]);
      const [one, other] = pseudonymsOf() as [string, string];
      const merged = await change({ kind: 'merge', from: other, into: one });
      expect(merged).toMatchObject({ into: one, sightings: 1 });
      const sightings = publisher.of('sighting.ended').map(({ sightingId }) => sightingId);
      expect(publisher.of('sightings.reassigned')).toEqual([
        expect.objectContaining({
          sightingIds: [sightings[1]],
          visitor: { kind: 'pseudonym', pseudonymId: one },
        }),
      ]);
      await pass([details(4)]);
      await pass([details(3)]);
      expect(pseudonymsOf().slice(2)).toEqual([one, one]);
      const undone = await change({ kind: 'undo', changeId: merged.changeId ?? '' });
      expect(undone).toMatchObject({ into: other, sightings: 1 });
      expect(publisher.of('sightings.reassigned')[1]).toMatchObject({
        sightingIds: [sightings[1]],
        visitor: { kind: 'pseudonym', pseudonymId: other },
      });
      expect(await codeOf(change({ kind: 'undo', changeId: merged.changeId ?? '' }))).toBe(
        'CHANGE_NOT_REVERSIBLE',
      );
      await start();
      await pass([details(4)]);
      expect(pseudonymsOf()[4]).toBe(other);
    });

    it('are not merged when both were before one camera at one time', async () => {
      await pass([details(3, 200), details(4, 900)]);
      const [one, other] = pseudonymsOf() as [string, string];
      expect(await codeOf(change({ kind: 'merge', from: one, into: other }))).toBe('STRANGERS_DIFFER');
      expect(publisher.of('sightings.reassigned')).toEqual([]);
    });

    it('are split, one sighting staying, and put together again', async () => {
      await pass([details(3)]);
      await pass([details(3)]);
      const [one] = pseudonymsOf() as [string];
      const second = String(publisher.of('sighting.ended')[1]?.['sightingId']);
      const split = await change({ kind: 'split', from: one, sightingIds: [second] });
      expect(split.into).toMatch(/^pse_/);
      expect((await listed()).map(({ pseudonymId }) => pseudonymId).sort()).toEqual(
        [one, split.into ?? ''].sort(),
      );
      expect(await codeOf(change({ kind: 'split', from: one, sightingIds: [second] }))).toBe(
        'REQUEST_INVALID',
      );
      await change({ kind: 'undo', changeId: split.changeId ?? '' });
      expect((await listed()).map(({ pseudonymId }) => pseudonymId)).toEqual([one]);
      expect(await repository().countPasses(one)).toBe(2);
    });

    it('become customers by what was seen of them, and their pseudonym ends', async () => {
      await pass([details(3)]);
      await pass([details(3)]);
      const [one] = pseudonymsOf() as [string];
      const customerId = newId('cus');
      const promoted = await change({ kind: 'promote', from: one, into: customerId });
      expect(promoted).toMatchObject({ into: customerId, sightings: 2, templates: 2 });
      const templates = await new TemplatesRepository(store, keyring).ofCustomer(customerId, 'dlib-resnet');
      expect(templates.map(({ embedding }) => embedding)).toEqual([embeddingOf(3), embeddingOf(3)]);
      expect(publisher.of('sightings.reassigned')[0]).toMatchObject({
        visitor: { kind: 'customer', customerId },
      });
      expect(publisher.of('gallery.changed')).toEqual([
        expect.objectContaining({ customerId, templates: 2 }),
      ]);
      expect(await listed()).toEqual([]);
    });

    it('are erased for good, also while they stand before a camera', async () => {
      for (let i = 0; i < 10; i++) await frame('door', 'returning', [details(3)]);
      await parts.strangers.settled();
      const [one] = pseudonymsOf('sighting.identified') as [string];
      expect(await change({ kind: 'erase', from: one })).toMatchObject({ changeId: null, sightings: 1 });
      await pass([details(3)]);
      expect(pseudonymsOf()).toEqual([null]);
      expect(await listed()).toEqual([]);
      expect(await codeOf(change({ kind: 'erase', from: one }))).toBe('STRANGER_NOT_FOUND');
    });
  });
});
