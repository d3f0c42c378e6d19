import { type FrameCaptured, type MetricName, SILENT, type Telemetry } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gallery } from '../gallery/gallery.js';
import { ListeningPublisher } from '../testing/listening-publisher.js';
import { type Extra, frameOf, ScriptedVision } from '../testing/scripted-vision.js';
import { TEST_RULES } from '../testing/test-rules.js';
import { EventSender } from './event-sender.js';
import { IdentityJudge } from './identity-judge.js';
import { Sessions } from './sessions.js';

const START_MS = Date.parse('2026-03-01T09:00:00.000Z');

describe('sessions that cannot keep up', () => {
  let sessions: Sessions;
  let dropped: number;
  let warned: unknown[];

  const frame = (atMs: number, change: Partial<FrameCaptured> = {}): FrameCaptured => ({
    cameraId: 'door',
    storeId: 'main',
    frameId: `door-test-${atMs}`,
    sequence: 0,
    capturedAt: new Date(START_MS + atMs).toISOString(),
    widthPx: 1280,
    heightPx: 720,
    mode: 'members',
    ...change,
  });
  /** The same people in one frame each 200 ms. */
  const show = async (people: readonly Extra[], fromMs: number, toMs: number, change = {}) => {
    for (let at = fromMs; at <= toMs; at += 200)
      await sessions.onFrame(frame(at, change), frameOf(...people));
  };
  const open = (maxAgeMs: number) => {
    const telemetry: Telemetry = {
      log: { ...SILENT.log, warn: (fields: unknown) => warned.push(fields) },
      meter: {
        ...SILENT.meter,
        count: (name: MetricName, labels) => {
          if (name === 'regulars_frames_dropped_total' && labels?.['where'] === 'recognition') dropped += 1;
        },
      },
    };
    const vision = new ScriptedVision();
    const judge = new IdentityJudge(vision, new Gallery(), TEST_RULES, { any: false, has: () => false });
    const sender = new EventSender(new ListeningPublisher(), telemetry);
    sessions = new Sessions(vision, judge, sender, { maxAgeMs, telemetry });
  };

  beforeEach(() => {
    dropped = 0;
    warned = [];
  });
  afterEach(() => sessions.close());

  it('drop and count frames that are too old', async () => {
    open(2_000);
    await sessions.onFrame(frame(0), frameOf({ x: 500, face: 3 }));
    expect(dropped).toBe(1);
    const now = { capturedAt: new Date().toISOString() };
    await sessions.onFrame(frame(0, now), frameOf({ x: 500, face: 3 }));
    expect(dropped).toBe(1);
  });

  it('drop what was overtaken while it waited', async () => {
    open(0);
    const waiting = [0, 200, 400, 600].map((at) => sessions.onFrame(frame(at), frameOf({ x: 500, face: 3 })));
    await Promise.all(waiting);
    expect(dropped).toBe(2);
  });

  it('tell of dropped frames once a minute and camera, however many there are', async () => {
    open(1);
    await show([{ x: 500, face: 3 }], 0, 4_000);
    await show([{ x: 500, face: 3 }], 0, 4_000, { cameraId: 'till' });
    expect(dropped).toBe(42);
    expect(warned).toEqual([
      expect.objectContaining({ cameraId: 'door', reason: 'too old', frames: 1 }),
      expect.objectContaining({ cameraId: 'till', reason: 'too old', frames: 1 }),
    ]);
  });
});
