import { type MetricName, SILENT, type Telemetry } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gallery } from '../gallery/gallery.js';
import { ListeningPublisher } from '../testing/listening-publisher.js';
import { embeddingOf, type Extra, frameOf, ScriptedVision } from '../testing/scripted-vision.js';
import { TEST_RULES } from '../testing/test-rules.js';
import { EventSender } from './event-sender.js';
import { IdentityJudge } from './identity-judge.js';
import { Sessions } from './sessions.js';

const START_MS = Date.parse('2026-03-01T09:00:00.000Z');
/** Who is identified is looked at at least so often. */
const SETTLED_SECONDS = 2.4;
const [ADA, BOB] = ['cus_ada0000000000000', 'cus_bob0000000000000'];

describe('a track that goes over from one person to another', () => {
  let publisher: ListeningPublisher;
  let gallery: Gallery;
  let sessions: Sessions;
  let cut: number;
  let atMs: number;

  /** So many frames, 200 ms apart, with the same people. */
  const show = async (frames: number, ...people: readonly Extra[]) => {
    for (let i = 0; i < frames; i++, atMs += 200) {
      const capturedAt = new Date(START_MS + atMs).toISOString();
      const place = { cameraId: 'door', storeId: 'main', frameId: `door-${atMs}`, sequence: 0 };
      const size = { widthPx: 1280, heightPx: 720 };
      await sessions.onFrame({ ...place, ...size, capturedAt, mode: 'members' }, frameOf(...people));
    }
  };
  const enrol = (customerId: string, face: number) =>
    gallery.replace(customerId, [
      { templateId: `tpl_${customerId}`, customerId, embedding: embeddingOf(face) },
    ]);
  const secondsOf = (instant: unknown) => (Date.parse(String(instant)) - START_MS) / 1_000;
  const ended = () =>
    publisher
      .of('sighting.ended')
      .map(({ startedAt, endedAt, identity }) => ({
        from: secondsOf(startedAt),
        to: secondsOf(endedAt),
        who: (identity as { customerId?: string }).customerId ?? (identity as { kind: string }).kind,
      }))
      .sort((a, b) => a.from - b.from);

  beforeEach(() => {
    publisher = new ListeningPublisher();
    gallery = new Gallery();
    [cut, atMs] = [0, 0];
    enrol(ADA, 3);
    enrol(BOB, 4);
    const telemetry: Telemetry = {
      log: SILENT.log,
      meter: {
        ...SILENT.meter,
        count: (name: MetricName, labels) => {
          if (name === 'regulars_tracks_cut_total' && labels?.['camera'] === 'door') cut += 1;
        },
      },
    };
    const vision = new ScriptedVision();
    const judge = new IdentityJudge(vision, gallery, TEST_RULES);
    sessions = new Sessions(vision, judge, new EventSender(publisher, telemetry), {
      maxAgeMs: 0,
      telemetry,
    });
  });
  afterEach(() => sessions.close());

  it('is cut where the other face comes, and each part has its own name', async () => {
    await show(5, { x: 500, face: 3 });
    await show(25, { x: 500, face: 4 });
    await show(10);
    const [first, second] = ended();
    expect(first).toMatchObject({ from: 0, who: ADA });
    expect(second).toMatchObject({ to: 5.8, who: BOB });
    expect(second?.from).toBeGreaterThan(first?.to ?? Infinity);
    expect(second?.from).toBeLessThan(1 + SETTLED_SECONDS);
    expect(cut).toBe(1);
    expect(publisher.of('sighting.started')).toHaveLength(2);
  });

  it('names nobody by views of both: who is not enrolled stays a stranger', async () => {
    await show(10, { x: 500, face: 7 });
    await show(15, { x: 500, face: 3 });
    await show(10);
    expect(ended().map(({ who }) => who)).toEqual(['stranger', ADA]);
    const named = publisher
      .of('sighting.identified')
      .map(({ identity, sightingId }) => ({ identity, sightingId }));
    const [firstId] = publisher.of('sighting.started').map(({ sightingId }) => sightingId);
    expect(named.filter(({ sightingId }) => sightingId === firstId)).toEqual([
      expect.objectContaining({ identity: expect.objectContaining({ kind: 'stranger' }) as object }),
    ]);
  });

  it('goes on where the same face comes back after a gap', async () => {
    await show(6, { x: 500, face: 3 });
    await show(3);
    await show(10, { x: 500, face: 3 });
    await show(10);
    expect(ended()).toEqual([{ from: 0, to: 3.6, who: ADA }]);
    expect(cut).toBe(0);
  });

  it('ends where two change places unseen, and both are known by their names again', async () => {
    const [ada, bob] = [3, 4];
    await show(6, { x: 500, face: ada }, { x: 700, face: bob });
    await show(15, { x: 500, face: bob }, { x: 700, face: ada });
    await show(10);
    const people = new Map<string, { from: number; to: number }[]>();
    for (const { who, ...time } of ended()) people.set(who, [...(people.get(who) ?? []), time]);
    expect([...people.keys()].sort()).toEqual([ADA, BOB]);
    for (const times of people.values())
      for (const [i, { to }] of times.entries()) expect(to).toBeLessThan(times[i + 1]?.from ?? Infinity);
  });

  it('decides nothing of the scrap of a broken track or of a glimpse, and of somebody who comes elsewhere as ever', async () => {
    const stranger = 7;
    await show(8, { x: 500, face: stranger });
    await show(5);
    // Another face, so that the track does not go on; too little is seen of it to know it again.
    await show(2, { x: 520, face: 8 });
    await show(10);
    await show(2, { x: 1_000, face: 9 });
    await show(10);
    await show(6, { x: 1_000, face: 9 });
    await show(10);
    expect(ended().map(({ who }) => who)).toEqual(['stranger', 'undecided', 'undecided', 'stranger']);
  });

  it('decides nothing of what little is seen of somebody when pictures stop or come back', async () => {
    const minuteMs = 60_000;
    await show(10);
    const showALittle = async (who: Extra) => {
      await show(3, { ...who, widthPx: 33 });
      await show(2);
      await show(1, { ...who, widthPx: 33 });
    };
    await showALittle({ x: 500, face: 7 });
    await show(10);
    await showALittle({ x: 500, face: 7 });
    atMs += minuteMs;
    await showALittle({ x: 700, face: 8 });
    await show(10);
    atMs += minuteMs;
    await show(8, { x: 700, face: 8 });
    await show(10);
    expect(ended().map(({ who }) => who)).toEqual(['stranger', 'undecided', 'undecided', 'stranger']);
  });

  it('goes on after a long gap only by a face that can be compared', async () => {
    const tooSmall = 31;
    await show(8, { x: 500, face: 3, widthPx: 40 });
    await show(4);
    await show(5, { x: 500, face: 3, widthPx: tooSmall });
    await show(10);
    expect(ended().map(({ who }) => who)).toEqual([ADA, 'undecided']);
  });

  it('gives out no crop while it is open who is seen', async () => {
    await show(5, { x: 500, face: 3 });
    await show(25, { x: 500, face: 4 });
    await show(10);
    const [first] = publisher.of('sighting.started').map(({ sightingId }) => sightingId);
    const { to = 0 } = ended()[0] ?? {};
    const late = publisher
      .of('face.captured')
      .filter(({ sightingId, capturedAt }) => sightingId === first && secondsOf(capturedAt) > to);
    expect(late).toEqual([]);
  });
});
