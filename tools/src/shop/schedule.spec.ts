import { describe, expect, it } from 'vitest';
import { placeAt, walk } from './paths.js';
import { Random } from './random.js';
import { planShop, type ShopPlan } from './schedule.js';
import { visitsOf } from './truth.js';

const SEEDS = [1, 2, 3, 4, 5];
const PLAN: ShopPlan = {
  visitors: ['ann', 'bob', 'cem'].map((person) => ({ person, clips: 4, faceWidths: [48, 90] as const })),
  cameraIds: ['camera-1', 'camera-2', 'camera-3'],
  durationMs: 600_000,
  reentryMs: 20_000,
  widthPx: 1_280,
  heightPx: 720,
};

describe('a walk past a camera', () => {
  it.each(SEEDS)('begins and ends out of sight and shows the whole face in between (seed %i)', (seed) => {
    const ground = { widthPx: 1_280, heightPx: 720, faceWidths: [48, 90] as const, lift: 0 };
    const way = walk(1_000, 'left', ground, new Random(seed));
    const [first, last] = [way[0], way.at(-1)];
    expect(first?.x).toBeLessThan(-48);
    expect((last?.x ?? 0) < -48 || (last?.x ?? 0) > 1_280 + 48).toBe(true);
    const places = Array.from({ length: 200 }, (_, i) => placeAt(way, 1_000 + i * 100)).flatMap(
      (p) => p ?? [],
    );
    expect(places.some(({ x }) => x > 100 && x < 1_180)).toBe(true);
    for (const { faceWidthPx, y } of places) {
      expect(faceWidthPx).toBeGreaterThanOrEqual(47.9);
      expect(faceWidthPx).toBeLessThanOrEqual(90.1);
      expect(y - faceWidthPx).toBeGreaterThan(0);
      expect(y + faceWidthPx).toBeLessThan(720);
    }
    // Nobody jumps: at most 250 px a second.
    for (const [i, place] of places.slice(1).entries())
      expect(Math.abs(place.x - (places[i]?.x ?? 0))).toBeLessThan(30);
  });

  it('is nowhere before it begins and after it ended', () => {
    const ground = { widthPx: 1_280, heightPx: 720, faceWidths: [48, 90] as const, lift: 0 };
    const way = walk(1_000, 'right', ground, new Random(1));
    expect(placeAt(way, 999)).toBeNull();
    expect(placeAt(way, (way.at(-1)?.atMs ?? 0) + 1)).toBeNull();
  });
});

describe('the script of a shop', () => {
  it('follows from the seed', () => {
    expect(planShop(PLAN, new Random(7))).toEqual(planShop(PLAN, new Random(7)));
    expect(planShop(PLAN, new Random(7))).not.toEqual(planShop(PLAN, new Random(8)));
  });

  it.each(SEEDS)(
    'has everybody in one place of a camera at a time, and whole passes only (seed %i)',
    (seed) => {
      const passes = planShop(PLAN, new Random(seed));
      for (const { person } of PLAN.visitors) {
        const own = passes.filter((pass) => pass.person === person);
        expect(own.length).toBeGreaterThan(5);
        for (const [i, pass] of own.entries()) {
          expect(pass.way.at(-1)?.atMs).toBeLessThanOrEqual(PLAN.durationMs);
          const next = own[i + 1];
          if (next && next.cameraId === pass.cameraId)
            expect(next.way[0]?.atMs).toBeGreaterThan(pass.way.at(-1)?.atMs ?? 0);
          if (next) expect(next.clip).not.toBe(pass.clip);
        }
      }
    },
  );

  it('leaves no visit in doubt: gaps are well within the re-entry window or well beyond it', () => {
    for (const seed of SEEDS) {
      const passes = planShop(PLAN, new Random(seed));
      for (const { person } of PLAN.visitors) {
        const own = passes
          .filter((pass) => pass.person === person)
          .map(({ pass, cameraId, way }) => {
            return { pass, cameraId, clip: '', startMs: way[0]?.atMs ?? 0, endMs: way.at(-1)?.atMs ?? 0 };
          });
        const count = (reentryMs: number) => visitsOf(person, own, reentryMs).length;
        expect(count(0.75 * PLAN.reentryMs)).toBe(count(1.3 * PLAN.reentryMs));
      }
    }
  });

  it('has hand-offs between cameras, re-entries, people seen twice at once and people who meet', () => {
    const passes = SEEDS.flatMap((seed) => planShop(PLAN, new Random(seed)));
    const gaps = passes.flatMap((pass, i) => {
      const next = passes[i + 1];
      return next && next.person === pass.person && next.pass === pass.pass + 1
        ? [(next.way[0]?.atMs ?? 0) - (pass.way.at(-1)?.atMs ?? 0)]
        : [];
    });
    expect(gaps.filter((gap) => gap < 0).length).toBeGreaterThan(5);
    expect(gaps.filter((gap) => gap > 0 && gap < 4_100).length).toBeGreaterThan(10);
    expect(gaps.filter((gap) => gap > 6_000 && gap < 14_100).length).toBeGreaterThan(10);
  });
});

describe('passes of one person', () => {
  const pass = (startMs: number, endMs: number) => ({
    pass: startMs,
    cameraId: 'a',
    clip: 'c',
    startMs,
    endMs,
  });

  it('are one visit up to the re-entry window and two beyond it', () => {
    expect(visitsOf('ann', [pass(0, 1_000), pass(21_000, 22_000)], 20_000)).toHaveLength(1);
    expect(visitsOf('ann', [pass(0, 1_000), pass(21_001, 22_000)], 20_000)).toHaveLength(2);
  });

  it('may come in any order and overlap', () => {
    const visits = visitsOf('ann', [pass(30_000, 31_000), pass(0, 29_000), pass(5_000, 6_000)], 20_000);
    expect(visits).toMatchObject([{ startMs: 0, endMs: 31_000 }]);
  });
});
