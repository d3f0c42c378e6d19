import { type FrameCaptured, type MetricName, SILENT, type Telemetry } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gallery } from '../gallery/gallery.js';
import { ListeningPublisher } from '../testing/listening-publisher.js';
import { embeddingOf, type Extra, frameOf, ScriptedVision } from '../testing/scripted-vision.js';
import { TEST_RULES } from '../testing/test-rules.js';
import { EventSender } from './event-sender.js';
import { IdentityJudge } from './identity-judge.js';
import { Sessions } from './sessions.js';

const START_MS = Date.parse('2026-03-01T09:00:00.000Z');
const ADA = 'cus_ada0000000000000';

describe('sessions', () => {
  const vision = new ScriptedVision();
  let publisher: ListeningPublisher;
  let gallery: Gallery;
  let sessions: Sessions;
  let dropped: number;
  const onStaff = new Set<string>();

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
  const show = async (
    people: readonly Extra[],
    fromMs: number,
    toMs: number,
    change: Partial<FrameCaptured> = {},
  ) => {
    for (let at = fromMs; at <= toMs; at += 200)
      await sessions.onFrame(frame(at, change), frameOf(...people));
  };
  const kinds = (key: string) =>
    publisher.of(key).map((payload) => (payload['identity'] as { kind: string } | undefined)?.kind);
  const enrol = (customerId: string, face: number) =>
    gallery.replace(customerId, [
      { templateId: `tpl_${customerId}`, customerId, embedding: embeddingOf(face) },
    ]);

  const open = (maxAgeMs: number) => {
    const telemetry: Telemetry = {
      log: SILENT.log,
      meter: {
        ...SILENT.meter,
        count: (name: MetricName, labels) => {
          if (name === 'regulars_frames_dropped_total' && labels?.['where'] === 'recognition') dropped += 1;
        },
      },
    };
    const staff = { any: onStaff.size > 0, has: (customerId: string) => onStaff.has(customerId) };
    const judge = new IdentityJudge(vision, gallery, TEST_RULES, staff);
    sessions = new Sessions(vision, judge, new EventSender(publisher, telemetry), { maxAgeMs, telemetry });
  };

  beforeEach(() => {
    publisher = new ListeningPublisher();
    gallery = new Gallery();
    dropped = 0;
    onStaff.clear();
    open(0);
  });
  afterEach(() => sessions.close());

  it('tell when somebody comes, who it is, and when they have gone', async () => {
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 0, 1_000);
    await show([], 1_200, 3_000);
    expect(publisher.of('sighting.started')).toEqual([
      expect.objectContaining({ cameraId: 'door', storeId: 'main', startedAt: '2026-03-01T09:00:00.000Z' }),
    ]);
    expect(publisher.of('sighting.identified')).toEqual([
      expect.objectContaining({
        identifiedAt: '2026-03-01T09:00:00.200Z',
        identity: expect.objectContaining({ kind: 'identified', customerId: ADA }),
      }),
    ]);
    expect(publisher.of('sighting.ended')).toEqual([
      expect.objectContaining({
        endedAt: '2026-03-01T09:00:01.000Z',
        framesSeen: 6,
        mode: 'members',
        identity: expect.objectContaining({ kind: 'identified', customerId: ADA }),
      }),
    ]);
  });

  it('end the sightings of a camera that falls silent, as of when somebody was last seen', async () => {
    await sessions.close();
    open(Number.MAX_SAFE_INTEGER);
    await show([{ x: 500, face: 3 }], 0, 600);
    expect(publisher.of('sighting.ended')).toEqual([]);
    await vi.waitFor(() => expect(publisher.of('sighting.ended')).toHaveLength(1), { timeout: 5_000 });
    expect(publisher.of('sighting.ended')[0]).toMatchObject({ endedAt: '2026-03-01T09:00:00.600Z' });
  });

  it('end what is open when the service stops', async () => {
    await show(
      [
        { x: 500, face: 3 },
        { x: 900, face: 4 },
      ],
      0,
      600,
    );
    await sessions.close();
    expect(publisher.of('sighting.ended')).toHaveLength(2);
  });

  it('obey that it is not this person, now and when the same face comes again', async () => {
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 0, 1_000);
    expect(kinds('sighting.identified')).toEqual(['identified']);
    const [{ sightingId = '' } = {}] = publisher.of('sighting.started') as { sightingId?: string }[];
    sessions.deny(sightingId, ADA);
    await show([{ x: 500, face: 3 }], 1_200, 4_000);
    await show([], 4_200, 6_000);
    expect(kinds('sighting.identified').slice(1)).not.toContain('identified');
    expect(kinds('sighting.ended')).toEqual(['stranger']);
    await show([{ x: 500, face: 3 }], 8_000, 10_000);
    await show([], 10_200, 12_000);
    expect(kinds('sighting.ended')).toEqual(['stranger', 'stranger']);
  });

  it('never give two faces of one frame to one customer', async () => {
    enrol(ADA, 3);
    await show(
      [
        { x: 200, face: 3 },
        { x: 900, face: 3 },
      ],
      0,
      2_000,
    );
    await show([], 2_200, 4_000);
    expect(kinds('sighting.ended').sort()).toEqual(['identified', 'stranger']);
    expect(kinds('sighting.identified').filter((kind) => kind === 'identified')).toHaveLength(1);
  });

  it('know a stranger who is still there once they are enrolled', async () => {
    await show([{ x: 500, face: 3 }], 0, 2_000);
    expect(kinds('sighting.identified')).toEqual(['stranger']);
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 2_200, 2_400);
    expect(kinds('sighting.identified')).toEqual(['stranger', 'identified']);
  });

  it('let a queue of frames go that stands, but never all of them, whatever the clocks say', async () => {
    await sessions.close();
    open(60_000);
    const clock = vi.spyOn(Date, 'now');
    // The camera's clock is ten seconds behind: that is no queue.
    const comeAfter = async (atMs: number, ageMs: number) => {
      clock.mockReturnValue(START_MS + atMs + 10_000 + ageMs);
      await sessions.onFrame(frame(atMs), frameOf({ x: 500, face: 3 }));
    };
    try {
      for (let i = 0; i < 3; i++) await comeAfter(i * 200, 10);
      expect(dropped).toBe(0);
      for (let i = 3; i < 8; i++) await comeAfter(i * 200, 900);
      expect(dropped).toBe(4);
      await comeAfter(1_600, 20);
      expect(dropped).toBe(4);
    } finally {
      clock.mockRestore();
    }
  });

  it('forget who is before the camera when that customer is erased, and never say the name again', async () => {
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 0, 1_000);
    gallery.replace(ADA, []);
    const before = publisher.events.length;
    await show([{ x: 500, face: 3 }], 1_200, 3_000);
    await show([], 3_200, 5_000);
    const later = publisher.events.slice(before);
    expect(later.some(({ key }) => key === 'sighting.ended')).toBe(true);
    expect(JSON.stringify(later)).not.toContain(ADA);
    expect(kinds('sighting.ended')).toEqual(['stranger']);
  });

  it('give every decision of one sighting an id of its own, the same in every process', async () => {
    const ids: (string | undefined)[][] = [];
    for (let run = 0; run < 2; run++) {
      publisher = new ListeningPublisher();
      gallery = new Gallery();
      await sessions.close();
      open(0);
      await show([{ x: 500, face: 3 }], 0, 2_000);
      enrol(ADA, 3);
      await show([{ x: 500, face: 3 }], 2_200, 2_400);
      await show([], 2_600, 4_200);
      ids.push(
        publisher.events.filter(({ key }) => key.startsWith('sighting.')).map(({ eventId }) => eventId),
      );
    }
    expect(new Set(ids[0]).size).toBe(4);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('hold events that cannot be published, and publish them later in order', async () => {
    publisher.isAway = true;
    await show([{ x: 500, face: 3 }], 0, 1_000);
    await show([], 1_200, 2_800);
    expect(publisher.of('sighting.started')).toEqual([]);
    publisher.isAway = false;
    await vi.waitFor(() => expect(publisher.of('sighting.ended')).toHaveLength(1), { timeout: 3_000 });
    const keys = publisher.events.map(({ key }) => key).filter((key) => key.startsWith('sighting.'));
    expect(keys).toEqual(['sighting.started', 'sighting.identified', 'sighting.ended']);
  });

  it('compute no embedding and give out no crop where a camera only counts', async () => {
    const before = vision.embedded;
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 0, 2_000, { mode: 'count' });
    await show([], 2_200, 4_000, { mode: 'count' });
    expect(vision.embedded).toBe(before);
    expect(publisher.of('face.captured')).toEqual([]);
    expect(publisher.of('sighting.ended')).toEqual([
      expect.objectContaining({ identity: { kind: 'undecided' }, mode: 'count' }),
    ]);
  });

  it('embed a person at most four times a second, and hardly once they are known', async () => {
    const before = vision.embedded;
    for (let at = 0; at <= 1_000; at += 50) await sessions.onFrame(frame(at), frameOf({ x: 500, face: 3 }));
    expect(vision.embedded - before).toBeLessThanOrEqual(5);
    enrol(ADA, 3);
    await show([{ x: 500, face: 3 }], 1_200, 1_400);
    const known = vision.embedded;
    await show([{ x: 500, face: 3 }], 1_600, 5_000);
    expect(vision.embedded - known).toBeLessThanOrEqual(2);
  });

  it('give out one crop a second of a person', async () => {
    await show([{ x: 500, face: 3 }], 0, 3_000);
    await show([], 3_200, 5_000);
    expect(publisher.of('face.captured').map((crop) => crop['capturedAt'])).toEqual([
      '2026-03-01T09:00:00.200Z',
      '2026-03-01T09:00:01.200Z',
      '2026-03-01T09:00:02.200Z',
    ]);
  });

  it('give out no crop of staff, and of nobody before it is known who they are where there are staff', async () => {
    enrol(ADA, 3);
    onStaff.add(ADA);
    await sessions.close();
    open(0);
    await show([{ x: 500, face: 3 }], 0, 3_000);
    await show([], 3_200, 5_000);
    expect(kinds('sighting.ended')).toEqual(['identified']);
    expect(publisher.of('face.captured')).toEqual([]);
    await show(
      [
        { x: 200, face: 5 },
        { x: 700, face: 3 },
      ],
      6_000,
      9_000,
    );
    const crops = publisher.of('face.captured');
    expect(crops.length).toBeGreaterThan(0);
    expect(new Set(kinds('face.captured'))).toEqual(new Set(['stranger']));
    expect(new Set(crops.map((crop) => crop['sightingId'])).size).toBe(1);
  });

  it('drop and count frames out of order, but begin anew with a stream that does', async () => {
    await show([{ x: 500, face: 3 }], 10_000, 10_600);
    await sessions.onFrame(frame(10_200), frameOf());
    expect(dropped).toBe(1);
    await show([{ x: 500, face: 3 }], 0, 200);
    expect(dropped).toBe(1);
    expect(publisher.of('sighting.ended')).toHaveLength(1);
    expect(publisher.of('sighting.started')).toHaveLength(2);
  });
});
