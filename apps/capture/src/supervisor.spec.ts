import { CameraStatus, NewCamera, RegularsError } from '@regulars/contracts';
import { createMetrics } from '@regulars/runtime';
import { SILENT } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { CameraSupervisor, type SupervisorParts } from './supervisor.js';
import { FakeDecoder } from './testing/fake-decoder.js';
import { ManualClock, settle } from './testing/manual-clock.js';
import { Told } from './testing/told.js';

const CAMERA = NewCamera.parse({
  cameraId: 'door',
  name: 'Door',
  source: 'rtsp://owner:hush@10.0.0.2/1',
  stallMs: 5_000,
});

function setUp(overrides: Partial<SupervisorParts> = {}, camera = CAMERA) {
  const clock = new ManualClock();
  const told = new Told();
  const metrics = createMetrics();
  const decoders: FakeDecoder[] = [];
  const kept: CameraStatus[] = [];
  const supervisor = new CameraSupervisor(camera, {
    commandOf: () => Promise.resolve({ ffmpegPath: 'ffmpeg', arguments: [], script: null, isNetwork: true }),
    startDecoder: (options) => {
      const decoder = new FakeDecoder(options);
      decoders.push(decoder);
      return decoder;
    },
    publisher: told,
    keepStatus: (status) => {
      kept.push(status);
      return Promise.resolve();
    },
    telemetry: { log: SILENT.log, meter: metrics.meterOf('capture') },
    clock,
    random: () => 0,
    ...overrides,
  });
  const decoder = (): FakeDecoder => {
    const last = decoders.at(-1);
    if (last === undefined) throw new Error('no decoder was started');
    return last;
  };
  supervisor.start();
  return { clock, told, metrics, decoders, decoder, kept, supervisor };
}

describe('CameraSupervisor', () => {
  it('is connecting, then live with the first picture, and tells each once', async () => {
    const { clock, told, decoder, kept } = setUp();
    await settle();
    await clock.advance(300);
    for (const number of [1, 2, 3]) {
      decoder().show(number);
      await settle();
    }
    expect(told.states).toEqual(['connecting', 'live']);
    expect(told.statuses[1]).toEqual({
      cameraId: 'door',
      storeId: 'main',
      state: 'live',
      since: '2026-03-01T09:00:00.300Z',
      fault: null,
      widthPx: 640,
      heightPx: 480,
    });
    expect(kept).toEqual(told.statuses);
    expect(told.statuses.map((status) => CameraStatus.schema.parse(status))).toEqual(told.statuses);
  });

  it('numbers frames within one opening of the stream', async () => {
    const { told, decoder } = setUp();
    await settle();
    for (const number of [1, 2]) {
      decoder().show(number);
      await settle();
    }
    const start = Date.parse('2026-03-01T09:00:00.000Z').toString(36);
    expect(told.frames).toEqual([
      { frameId: `door-${start}-0`, body: 1 },
      { frameId: `door-${start}-1`, body: 2 },
    ]);
  });

  it('sends the newest of the pictures that come at once and counts the others as dropped', async () => {
    const { told, metrics, decoder } = setUp();
    await settle();
    decoder().show(1, 2);
    decoder().show(3);
    await settle();
    expect(told.frames).toEqual([{ frameId: expect.stringMatching(/-2$/), body: 3 }]);
    const text = await metrics.text();
    expect(text).toContain('regulars_frames_captured_total{camera="door",service="capture"} 3');
    expect(text).toContain(
      'regulars_frames_dropped_total{camera="door",where="capture",service="capture"} 2',
    );
  });

  it('is stalled after its stall time without a picture, and starts the decoder anew', async () => {
    const { clock, told, decoders, decoder } = setUp();
    await settle();
    decoder().show(1);
    await clock.advance(4_999);
    expect(told.states).toEqual(['connecting', 'live']);
    await clock.advance(1);
    expect(told.states).toEqual(['connecting', 'live', 'stalled CAMERA_STALLED']);
    expect(decoders[0]?.stopped).toBe(true);
    await clock.advance(1_000);
    expect(decoders).toHaveLength(2);
    decoder().show(2);
    await settle();
    expect(told.states.at(-1)).toBe('live');
  });

  it('gives a decoder at least 10 s for its first picture', async () => {
    const { clock, told, decoders } = setUp();
    await clock.advance(9_999);
    expect(decoders[0]?.stopped).toBe(false);
    await clock.advance(1);
    expect(decoders[0]?.stopped).toBe(true);
    expect(told.states).toEqual(['connecting', 'gone CAMERA_UNREACHABLE']);
  });

  it('waits for three intervals of a slow camera', async () => {
    const { clock, told, decoder } = setUp({}, { ...CAMERA, fps: 0.2 });
    await settle();
    decoder().show(1);
    await clock.advance(14_999);
    expect(told.states.at(-1)).toBe('live');
    await clock.advance(1);
    expect(told.states.at(-1)).toBe('stalled CAMERA_STALLED');
  });

  it('tries again with doubling delays, stays gone meanwhile, and forgets the failures with a picture', async () => {
    const { clock, told, decoders, decoder } = setUp();
    const delays: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await settle();
      const before = clock.now();
      decoder().end('Connection refused');
      const count = decoders.length;
      while (decoders.length === count) await clock.advance(500);
      delays.push(clock.now() - before);
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(told.states).toEqual(['connecting', 'gone CAMERA_UNREACHABLE']);
    decoder().show(1);
    await settle();
    decoder().end();
    await clock.advance(1_000);
    expect(decoders).toHaveLength(6);
  });

  it('tells why: password, stream, missing ffmpeg, refused source', async () => {
    const faults: RegularsError[] = [new RegularsError('CAMERA_SOURCE_REFUSED')];
    const { clock, told, decoder } = setUp({
      commandOf: () => {
        const fault = faults.pop();
        if (fault) return Promise.reject(fault);
        return Promise.resolve({ ffmpegPath: 'ffmpeg', arguments: [], script: null, isNetwork: true });
      },
    });
    await clock.advance(1_000);
    decoder().end('DESCRIBE failed: 401 Unauthorized');
    await clock.advance(2_000);
    decoder().end('DESCRIBE failed: 404 Not Found');
    await clock.advance(4_000);
    decoder().end('spawn ffmpeg ENOENT', true);
    await settle();
    expect(told.states).toEqual([
      'connecting',
      'gone CAMERA_SOURCE_REFUSED',
      'gone CAMERA_UNAUTHORISED',
      'gone CAMERA_UNREADABLE',
      'gone FFMPEG_MISSING',
    ]);
    expect(new Set(told.eventIds).size).toBe(5);
  });

  it('ends its decoder when it is stopped, says why, and shows nothing more', async () => {
    const { told, decoder, metrics, supervisor } = setUp();
    await settle();
    decoder().show(1);
    await settle();
    await supervisor.stop('shutdown');
    decoder().show(2);
    await settle();
    expect(decoder().stopped).toBe(true);
    expect(told.states.at(-1)).toBe('gone shutdown');
    expect(told.frames).toHaveLength(1);
    expect(await metrics.text()).not.toMatch(/regulars_camera_state\{.*\} 1/);
  });

  it('says nothing when another replica goes on with the camera', async () => {
    const { told, supervisor } = setUp();
    await settle();
    await supervisor.stop(null);
    expect(told.states).toEqual(['connecting']);
  });

  it('shows its state as a metric', async () => {
    const { metrics, decoder } = setUp();
    await settle();
    decoder().show(1);
    const text = await metrics.text();
    expect(text).toContain('regulars_camera_state{camera="door",state="live",service="capture"} 1');
    expect(text).toContain('regulars_camera_state{camera="door",state="connecting",service="capture"} 0');
  });

  it('goes on when a state cannot be kept', async () => {
    const { told, decoder } = setUp({ keepStatus: () => Promise.reject(new Error('store away')) });
    await settle();
    decoder().show(1);
    await settle();
    expect(told.states).toEqual(['connecting', 'live']);
  });
});
