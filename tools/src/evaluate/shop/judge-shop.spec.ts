import type { SightingEnded } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import type { ShopTruth, TrueFace } from '../../shop/truth.js';
import { judgeFollowed, judgeVisits } from './judge-shop.js';
import type { CountedVisit, FollowedFrame } from './run-shop.js';

const FRAME_MS = 200;
/** Ann passes for two seconds (pass 1) and again much later (3), Bob beside her first time (2). */
const PASSES = [
  { pass: 1, person: 'ann', cameraId: 'door', fromMs: 0, x: 100 },
  { pass: 2, person: 'bob', cameraId: 'door', fromMs: 0, x: 400 },
  { pass: 3, person: 'ann', cameraId: 'till', fromMs: 60_000, x: 100 },
];
const timesOf = ({ fromMs }: { fromMs: number }) =>
  Array.from({ length: 10 }, (_, i) => fromMs + i * FRAME_MS);
const boxAt = (x: number) => ({ x, y: 100, width: 60, height: 60 });

function shop(): ShopTruth {
  const cameras = ['door', 'till'].map((cameraId) => {
    const frames = new Map<number, TrueFace[]>();
    for (const one of PASSES.filter((pass) => pass.cameraId === cameraId))
      for (const atMs of timesOf(one)) {
        const face = { person: one.person, pass: one.pass, boxPx: boxAt(one.x), visible: 1 };
        frames.set(atMs, [...(frames.get(atMs) ?? []), face]);
      }
    return {
      cameraId,
      film: `${cameraId}.mp4`,
      frames: [...frames].map(([atMs, faces]) => ({ atMs, faces })),
    };
  });
  const visits = PASSES.map(({ pass, person, cameraId, fromMs }) => {
    const time = { startMs: fromMs, endMs: fromMs + 1_800 };
    return { person, ...time, passes: [{ pass, cameraId, clip: 'c', ...time }] };
  });
  return {
    ...{ layout: 1, seed: 1, fps: 5, widthPx: 1_280, heightPx: 720, durationMs: 70_000, reentryMs: 20_000 },
    startedAt: '2026-03-02T09:00:00.000Z',
    people: [{ person: 'ann', enrolment: ['a.jpg'] }],
    outage: { cameraId: 'till', fromMs: 50_000, toMs: 70_000 },
    cameras,
    visits,
  };
}

/** Follows each pass under the name of a sighting. */
function followedAs(names: Readonly<Record<number, string>>): FollowedFrame[] {
  const found = new Map<string, FollowedFrame>();
  for (const one of PASSES)
    for (const atMs of timesOf(one)) {
      const key = `${one.cameraId} ${atMs}`;
      const frame = found.get(key) ?? { cameraId: one.cameraId, atMs, faces: [] };
      const face = {
        sightingId: names[one.pass] ?? '',
        boxPx: boxAt(one.x),
        identity: { kind: 'undecided' as const },
      };
      found.set(key, { ...frame, faces: [...frame.faces, face] });
    }
  return [...found.values()];
}

const visit = (...sightingIds: string[]): CountedVisit => ({
  startMs: 0,
  endMs: 1,
  visitor: 'stranger',
  sightingIds,
});

function judge(
  visits: readonly CountedVisit[],
  { names = { 1: 's1', 2: 's2', 3: 's3' }, called = {}, silence = null as ShopTruth['outage'] | null } = {},
) {
  const truth = shop();
  const ended = Object.entries(called).map(([sightingId, customerId]) => ({
    ...{ sightingId, cameraId: 'door', startedAt: truth.startedAt },
    identity: { kind: 'identified', customerId, distance: 0.1, margin: null, votes: 3, model: 'm' },
  })) as unknown as SightingEnded[];
  const followed = judgeFollowed(truth, followedAs(names), silence);
  const customers = new Map([['cus_ann', 'ann']]);
  return judgeVisits(truth, { visits, ended, customers }, followed, silence);
}

describe('judging the visits of a shop', () => {
  it('finds no fault with what is right', () => {
    expect(judge([visit('s1'), visit('s2'), visit('s3')])).toMatchObject({
      ...{
        visits: 3,
        counted: 3,
        countError: 0,
        mergedVisits: 0,
        misidentified: 0,
        identitySwitchesPer100: 0,
      },
      ...{ missed: 0, split: 0, joined: 0, invented: 0, trouble: [] },
    });
  });

  it('knows a visit that is missing, one that counts twice and one of nobody', () => {
    const report = judge([visit('s1'), visit('s2'), visit('s2'), visit('s9')]);
    expect(report).toMatchObject({ counted: 4, countError: 0.3333, missed: 1, split: 1, invented: 1 });
  });

  it('knows a visit of two people from two visits of one that are joined', () => {
    expect(judge([visit('s1', 's2'), visit('s3')])).toMatchObject({ mergedVisits: 1, joined: 0, missed: 1 });
    expect(judge([visit('s1', 's3'), visit('s2')])).toMatchObject({ mergedVisits: 0, joined: 1, missed: 1 });
  });

  it('knows a stranger with a name, and a customer with the right one', () => {
    expect(judge([], { called: { s1: 'cus_ann' } }).misidentified).toBe(0);
    const report = judge([], { called: { s2: 'cus_ann' } });
    expect(report.misidentified).toBe(1);
    expect(report.trouble.at(-1)).toContain('bob on door at 09:00:00 is called ann');
  });

  it('asks for no visit that only a dead camera could see', () => {
    const report = judge([visit('s1'), visit('s2')], { silence: shop().outage });
    expect(report).toMatchObject({ visits: 2, counted: 2, unseen: 1, countError: 0 });
  });
});
