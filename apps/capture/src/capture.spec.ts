import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraChange, CamerasChanged, type NewCamera } from '@regulars/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { locateFfmpeg } from './ffmpeg.js';
import { JpegSplitter } from './jpeg-stream.js';
import { CaptureRig } from './testing/capture-rig.js';

const ffmpeg = await locateFfmpeg().catch(() => null);
if (ffmpeg === null) process.stderr.write('capture.spec.ts: skipped, because no ffmpeg is on this machine\n');

const root = mkdtempSync(join(tmpdir(), 'regulars-capture-'));
const filesDir = join(root, 'videos');
const WAIT = { timeout: 15_000, interval: 20 };

let rig: CaptureRig | null = null;
async function start(cameras: Partial<NewCamera>[], env: Record<string, string> = {}): Promise<CaptureRig> {
  rig = await CaptureRig.start(cameras, { CAPTURE_FILES_DIR: filesDir, CAPTURE_ALLOW_LAVFI: 'true', ...env });
  return rig;
}
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

function makeVideo(name: string, source: string): void {
  const output = ['-c:v', 'mpeg4', '-y', join(filesDir, name)];
  execFileSync(ffmpeg?.path ?? '', ['-loglevel', 'error', '-f', 'lavfi', '-i', source, ...output]);
}

beforeAll(() => {
  mkdirSync(filesDir);
  if (ffmpeg === null) return;
  makeVideo('one-second.mp4', 'testsrc=size=320x240:rate=10:duration=1');
  makeVideo('upright.mp4', 'testsrc=size=480x640:rate=10:duration=1');
  const whole = readFileSync(join(filesDir, 'one-second.mp4'));
  writeFileSync(join(filesDir, 'cut.mp4'), whole.subarray(0, whole.length / 2));
  writeFileSync(join(filesDir, 'text.mp4'), 'this is no film\n'.repeat(100));
  writeFileSync(join(filesDir, 'empty.mp4'), '');
  copyFileSync(join(filesDir, 'one-second.mp4'), join(root, 'private.mp4'));
  const elsewhere = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${join(root, 'private.mp4')}\n#EXT-X-ENDLIST\n`;
  writeFileSync(join(filesDir, 'list.m3u8'), elsewhere);
  writeFileSync(join(filesDir, 'list.mp4'), `ffconcat version 1.0\nfile ../private.mp4\n`);
});
afterAll(() => rmSync(root, { recursive: true }));

describe.runIf(ffmpeg)('the capture service with a real ffmpeg', () => {
  it('publishes complete JPEGs in order, with their size and rate', async () => {
    const { frames } = await start([{ source: 'lavfi:testsrc2=size=640x480:rate=25', fps: 10 }]);
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(15), WAIT);
    for (const { frame, body } of frames) {
      expect(new JpegSplitter().push(body)).toMatchObject([{ widthPx: 640, heightPx: 480 }]);
      expect(frame).toMatchObject({ cameraId: 'door', widthPx: 640, heightPx: 480, mode: 'members' });
    }
    const sequences = frames.map(({ frame }) => frame.sequence);
    expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
    const times = frames.slice(-10).map(({ frame }) => Date.parse(frame.capturedAt));
    const perSecond = 9_000 / ((times.at(-1) ?? 0) - (times[0] ?? 0));
    expect(perSecond).toBeGreaterThan(6);
    expect(perSecond).toBeLessThan(14);
  });

  it('plays a file again and again', async () => {
    const { frames } = await start([{ source: 'one-second.mp4', fps: 10 }]);
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(25), WAIT);
    expect(new Set(frames.map(({ frame }) => frame.frameId.split('-')[1])).size).toBe(1);
  });

  it.each([
    ['lavfi:testsrc=size=1920x1080:rate=5', 640, 640, 360],
    ['upright.mp4', 320, 240, 320],
    ['one-second.mp4', 1280, 320, 240],
  ])('shrinks %s to a longest side of %i, never enlarges', async (source, maxWidthPx, widthPx, heightPx) => {
    const { frames } = await start([{ source, maxWidthPx }]);
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), WAIT);
    expect(frames[0]?.frame).toMatchObject({ widthPx, heightPx });
  });

  it.each([
    ['cut.mp4', 'CAMERA_UNREADABLE'],
    ['text.mp4', 'CAMERA_UNREADABLE'],
    ['empty.mp4', 'CAMERA_UNREADABLE'],
    ['list.m3u8', 'CAMERA_UNREADABLE'],
    ['list.mp4', 'CAMERA_UNREADABLE'],
    ['missing.mp4', 'CAMERA_UNREACHABLE'],
    ['../private.mp4', 'CAMERA_SOURCE_REFUSED'],
    ['http://127.0.0.1:1/a.mp4', 'CAMERA_SOURCE_REFUSED'],
    ['rtsp://127.0.0.1:1/a', 'CAMERA_UNREACHABLE'],
  ])('%s leads to %s, and the service stays ready', async (source, fault) => {
    const started = await start([{ source }]);
    await vi.waitFor(() => expect(started.states()).toEqual(['connecting', `gone ${fault}`]), WAIT);
    const view = await started.cameras.get('door');
    expect(view?.status).toMatchObject({ state: 'gone', fault });
    expect(started.frames).toEqual([]);
    expect(await started.service.faults()).toEqual({});
  });

  it('says that there is no ffmpeg, is not ready, and keeps running', async () => {
    const started = await start([{ source: 'lavfi:testsrc' }], { FFMPEG_BIN: '/nowhere/ffmpeg' });
    await vi.waitFor(() => expect(started.states()).toEqual(['connecting', 'gone FFMPEG_MISSING']), WAIT);
    expect(Object.keys(await started.service.faults())).toEqual(['ffmpeg']);
  });

  it('opens, changes and closes cameras at run time', async () => {
    const started = await start([]);
    const tell = async (change: CamerasChanged['change']): Promise<void> =>
      started.broker.publish({
        eventId: randomUUID(),
        key: CamerasChanged.key,
        producer: 'gateway',
        happenedAt: new Date().toISOString(),
        payload: { cameraId: 'till', change, changedAt: new Date().toISOString() },
      });
    await started.add({ cameraId: 'till', source: 'lavfi:testsrc=size=320x240' });
    await tell('added');
    await vi.waitFor(() => expect(started.frames.at(-1)?.frame).toMatchObject({ widthPx: 320 }), WAIT);
    await started.cameras.change('till', { source: 'lavfi:testsrc=size=160x120' } satisfies CameraChange);
    await tell('changed');
    await vi.waitFor(() => expect(started.frames.at(-1)?.frame).toMatchObject({ widthPx: 160 }), WAIT);
    await started.cameras.remove('till');
    await tell('removed');
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('gone removed'), WAIT);
  });

  it('says that its cameras are gone when it stops, and leaves no ffmpeg behind', async () => {
    const started = await start([{ source: 'lavfi:testsrc' }]);
    await vi.waitFor(() => expect(started.frames.length).toBeGreaterThan(0), WAIT);
    const before = performance.now();
    await started.service.stop();
    expect(performance.now() - before).toBeLessThan(3_000);
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('gone shutdown'), WAIT);
    expect(ffmpegChildren()).toEqual([]);
  });
});

/** Process ids of this process's ffmpegs, where the system tells. */
function ffmpegChildren(): string[] {
  if (process.platform !== 'linux') return [];
  const task = `/proc/${process.pid}/task/${process.pid}/children`;
  const children = readFileSync(task, 'utf8').trim().split(' ').filter(Boolean);
  return children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').includes('ffmpeg'));
}
