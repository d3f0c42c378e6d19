import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraStatus, NewCamera, SILENT } from '@regulars/contracts';
import { CamerasRepository, Keyring, SqliteStore } from '@regulars/persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enterConfigured, Fleet } from './fleet.js';
import { CameraSupervisor } from './supervisor.js';
import { FakeDecoder } from './testing/fake-decoder.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { Told } from './testing/told.js';

const AT = '2026-03-01T09:00:00.000Z';
const LEASE_MS = 8_000;
const camera = (cameraId: string, change: Partial<NewCamera> = {}) =>
  NewCamera.parse({ cameraId, name: cameraId, source: 'rtsp://10.0.0.2/1', ...change });

let folder: string;
let store: SqliteStore;
let cameras: CamerasRepository;
let clock: ManualClock;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-fleet-'));
  store = new SqliteStore(folder);
  cameras = new CamerasRepository(store, new Keyring(store, randomBytes(32)));
  await store.open();
  clock = new ManualClock();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** One replica, whose decoders are fakes. */
function replica(owner: string, maxCameras = 10) {
  const told = new Told();
  const filmed: NewCamera[] = [];
  const fleet = new Fleet(cameras, {
    owner,
    leaseMs: LEASE_MS,
    maxCameras,
    telemetry: SILENT,
    clock,
    supervise: (configuration) => {
      filmed.push(configuration);
      return new CameraSupervisor(configuration, {
        commandOf: () =>
          Promise.resolve({ ffmpegPath: 'ffmpeg', arguments: [], script: null, isNetwork: true }),
        startDecoder: (options) => new FakeDecoder(options),
        publisher: told,
        keepStatus: (status: CameraStatus) => cameras.recordStatus(status),
        telemetry: SILENT,
        clock,
        random: () => 0,
      });
    },
  });
  return { fleet, told, filmed };
}

describe('Fleet', () => {
  it('films the cameras of the store, with their sources', async () => {
    await cameras.add(camera('door', { source: 'rtsp://u:p@10.0.0.2/1' }), AT);
    const { fleet, filmed } = replica('one');
    await fleet.start();
    expect(filmed).toMatchObject([{ cameraId: 'door', source: 'rtsp://u:p@10.0.0.2/1' }]);
    await fleet.stop();
  });

  it('follows additions, changes and removals when told, and by itself within the lease', async () => {
    const { fleet, filmed, told } = replica('one');
    await fleet.start();
    await cameras.add(camera('door'), AT);
    await fleet.refresh();
    expect(fleet.cameraIds).toEqual(['door']);
    await cameras.change('door', { fps: 2 });
    await cameras.add(camera('till'), AT);
    await clock.advance(LEASE_MS / 4);
    expect(fleet.cameraIds).toEqual(['door', 'till']);
    expect(filmed.map(({ cameraId, fps }) => `${cameraId} ${fps}`)).toEqual(['door 5', 'door 2', 'till 5']);
    await cameras.remove('door');
    await fleet.refresh();
    expect(fleet.cameraIds).toEqual(['till']);
    expect(told.states).toContain('gone removed');
    await fleet.stop();
    expect(told.statuses.at(-1)).toMatchObject({ cameraId: 'till', state: 'gone', fault: 'shutdown' });
  });

  it('leaves a camera to the replica that films it, for as long as that one lives', async () => {
    await cameras.add(camera('door'), AT);
    const [one, two] = [replica('one'), replica('two')];
    await one.fleet.start();
    await two.fleet.start();
    await clock.advance(10 * LEASE_MS);
    expect([one.fleet.cameraIds, two.fleet.cameraIds]).toEqual([['door'], []]);
    await one.fleet.stop();
    await clock.advance(LEASE_MS / 4);
    expect(two.fleet.cameraIds).toEqual(['door']);
    await two.fleet.stop();
  });

  it('takes a dead replica over within 10 s', async () => {
    await cameras.add(camera('door'), AT);
    await cameras.lease('door', 'dead', { nowMs: clock.now(), untilMs: clock.now() + LEASE_MS });
    const { fleet } = replica('two');
    await fleet.start();
    await clock.advance(LEASE_MS - 1);
    expect(fleet.cameraIds).toEqual([]);
    await clock.advance(2_001);
    expect(fleet.cameraIds).toEqual(['door']);
    await fleet.stop();
  });

  it('gives a camera up that another replica took while it slept', async () => {
    await cameras.add(camera('door'), AT);
    const { fleet, told } = replica('one');
    await fleet.start();
    const later = clock.now() + 60_000;
    await cameras.lease('door', 'two', { nowMs: later, untilMs: later + LEASE_MS });
    await fleet.refresh();
    expect(fleet.cameraIds).toEqual([]);
    expect(told.states).toEqual(['connecting']);
    await fleet.stop();
  });

  it('opens at most as many as it may, and leaves the others to the next replica', async () => {
    for (const cameraId of ['a', 'b', 'c']) await cameras.add(camera(cameraId), AT);
    const [one, two] = [replica('one', 2), replica('two', 2)];
    await one.fleet.start();
    await two.fleet.start();
    expect([one.fleet.cameraIds, two.fleet.cameraIds]).toEqual([['a', 'b'], ['c']]);
    await one.fleet.stop();
    await two.fleet.stop();
  });

  it('films on while the store is away', async () => {
    await cameras.add(camera('door'), AT);
    const { fleet } = replica('one');
    await fleet.start();
    await store.close();
    await fleet.refresh();
    expect(fleet.cameraIds).toEqual(['door']);
    await store.open();
    await clock.advance(LEASE_MS);
    expect(fleet.cameraIds).toEqual(['door']);
    await fleet.stop();
  });

  it('shows the state of a camera where others read it', async () => {
    await cameras.add(camera('door'), AT);
    const { fleet } = replica('one');
    await fleet.start();
    await settle();
    await clock.advance(10_000);
    expect((await cameras.get('door'))?.status).toMatchObject({ state: 'gone', fault: 'CAMERA_UNREACHABLE' });
    await fleet.stop();
    expect((await cameras.get('door'))?.status.fault).toBe('shutdown');
  });
});

describe('enterConfigured', () => {
  it('adds what is new, changes what differs, and leaves everything else alone', async () => {
    await cameras.add(camera('byhand'), AT);
    await enterConfigured(cameras, [camera('door'), camera('till')], AT);
    await enterConfigured(cameras, [camera('door'), camera('till', { source: 'rtsp://10.0.0.3/1' })], AT);
    const found = (await cameras.configurations()).map(({ cameraId, source, revision }) => [
      cameraId,
      source,
      revision,
    ]);
    expect(found).toEqual([
      ['byhand', 'rtsp://10.0.0.2/1', 1],
      ['door', 'rtsp://10.0.0.2/1', 1],
      ['till', 'rtsp://10.0.0.3/1', 2],
    ]);
  });
});
