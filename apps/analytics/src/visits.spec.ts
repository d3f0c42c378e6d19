import type { BlindTime } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusMs } from './instants.js';
import { joinEvidence, type Sighting } from './sightings.js';
import { at, customerId, factsOf, REENTRY_MS, RULE, sightingId, type Pass } from './testing.js';
import { joinSightings, settleVisits, type Settling, type Visit } from './visits.js';

function whole(pass: Pass): Sighting {
  return factsOf(pass)
    .map(({ evidence }) => evidence)
    .reduce(joinEvidence);
}

const ADA = { kind: 'customer', customerId: customerId('ada') } as const;
const settling = (storeTime = '09:00'): Settling => ({
  storeId: 'main',
  visitor: ADA,
  rule: RULE,
  storeTime: at(storeTime),
  happenedAt: at(storeTime),
  blind: [],
});

const spans = (sightings: readonly Sighting[]) =>
  joinSightings(sightings, REENTRY_MS).map((stay) => [
    stay.startedAt.slice(11, 19),
    stay.lastSeenAt.slice(11, 19),
    stay.sightings.length,
  ]);

describe('joinSightings', () => {
  it('continues a stay that is taken up at the very end of the window, and no later', () => {
    const first = whole({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' });
    const within = whole({ sighting: 'b', customer: 'ada', from: '09:15', to: '09:16' });
    const beyond = whole({ sighting: 'b', customer: 'ada', from: '09:15:01', to: '09:16' });
    expect(spans([first, within])).toEqual([['09:00:00', '09:16:00', 2]]);
    expect(spans([first, beyond])).toEqual([
      ['09:00:00', '09:05:00', 1],
      ['09:15:01', '09:16:00', 1],
    ]);
  });

  it('counts the window from when the person was last seen, not from the last start', () => {
    const long = whole({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:30' });
    const within = whole({ sighting: 'b', customer: 'ada', from: '09:05', to: '09:06' });
    const later = whole({ sighting: 'c', customer: 'ada', from: '09:39', to: '09:40' });
    expect(spans([later, within, long])).toEqual([['09:00:00', '09:40:00', 3]]);
  });

  it('does not count time without pictures towards the window, up to two fifths of it', () => {
    const first = whole({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' });
    const late = (from: string) => whole({ sighting: 'b', customer: 'ada', from, to: '09:30' });
    const away = (from: string, to: string) => ({ fromMs: Date.parse(at(from)), toMs: Date.parse(at(to)) });
    const stays = (from: string, ...blind: BlindTime[]) =>
      joinSightings([first, late(from)], REENTRY_MS, blind).length;
    expect([stays('09:16', away('09:10', '09:11')), stays('09:16:01', away('09:10', '09:11'))]).toEqual([
      1, 2,
    ]);
    expect([stays('09:19', away('08:00', '12:00')), stays('09:19:01', away('08:00', '12:00'))]).toEqual([
      1, 2,
    ]);
  });

  it('makes one stay of two cameras that see the same person at the same time', () => {
    const left = whole({ sighting: 'a', customer: 'ada', camera: 'left', from: '09:00', to: '09:02' });
    const right = whole({ sighting: 'b', customer: 'ada', camera: 'right', from: '09:01', to: '09:03' });
    const [visit] = settleVisits([], [right, left], settling());
    expect(visit).toMatchObject({ cameraIds: ['left', 'right'], firstCameraId: 'left', sightings: 2 });
  });
});

const minutes = fc.integer({ min: 0, max: 240 });
const passes = fc
  .array(
    fc.record({
      start: minutes,
      length: fc.integer({ min: 0, max: 25 }),
      camera: fc.integer({ min: 1, max: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((list) =>
    list.map(({ start, length, camera }, i): Pass => {
      const from = plusMs(at('08:00'), start * 60_000);
      return {
        sighting: `s${i}`,
        customer: 'ada',
        camera: `c${camera}`,
        from,
        to: plusMs(from, length * 60_000),
      };
    }),
  );

describe('laws of stays', () => {
  it('are the same for any order of the sightings', () => {
    fc.assert(
      fc.property(passes, fc.infiniteStream(fc.nat()), (list, random) => {
        const sightings = list.map(whole);
        const shuffled = [...sightings]
          .map((sighting) => ({ sighting, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ sighting }) => sighting);
        expect(joinSightings(shuffled, REENTRY_MS)).toEqual(joinSightings(sightings, REENTRY_MS));
      }),
    );
  });

  it('hold every sighting once, are further apart than the window and have no such gap inside', () => {
    fc.assert(
      fc.property(passes, (list) => {
        const stays = joinSightings(list.map(whole), REENTRY_MS);
        expect(stays.flatMap(({ sightings }) => sightings.map((s) => s.sightingId)).sort()).toEqual(
          list.map(({ sighting }) => sightingId(sighting)).sort(),
        );
        for (const [i, stay] of stays.entries()) {
          const next = stays[i + 1];
          if (next) expect(next.startedAt > plusMs(stay.lastSeenAt, REENTRY_MS)).toBe(true);
          let seen = stay.startedAt;
          for (const sighting of stay.sightings) {
            expect(sighting.startedAt <= plusMs(seen, REENTRY_MS)).toBe(true);
            seen = sighting.lastSeenAt > seen ? sighting.lastSeenAt : seen;
          }
          expect(seen).toBe(stay.lastSeenAt);
        }
      }),
    );
  });
});

describe('settleVisits', () => {
  const first = whole({ sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' });
  const third = whole({ sighting: 'c', customer: 'ada', from: '09:20', to: '09:25' });
  const bridge = whole({ sighting: 'b', customer: 'ada', from: '09:10', to: '09:12' });
  const opened = (...sightings: Sighting[]) => settleVisits([], sightings, settling());

  it('names a visit by its first sighting, alike in every process', () => {
    expect(opened(first)).toEqual(opened(first));
    expect(opened(first)[0]?.visitId).not.toBe(opened(third)[0]?.visitId);
    expect(opened(first)[0]?.visitId).toMatch(/^vis_[0-9a-z]{20}$/);
  });

  it('keeps the name when an earlier sighting arrives late, and starts earlier', () => {
    const known = opened(third);
    const [visit, ...others] = settleVisits(known, [third, bridge], settling());
    expect(others).toEqual([]);
    expect(visit).toMatchObject({ visitId: known[0]?.visitId, startedAt: at('09:10'), sightings: 2 });
  });

  it('merges two visits that a late sighting bridges into the one that started earlier', () => {
    const [early, late] = [...opened(first), ...opened(third)] as [Visit, Visit];
    const settled = settleVisits([late, early], [first, bridge, third], settling('09:26'));
    expect(settled).toHaveLength(2);
    expect(settled[0]).toMatchObject({
      visitId: early.visitId,
      startedAt: at('09:00'),
      lastSeenAt: at('09:25'),
      sightings: 3,
      merged: null,
    });
    expect(settled[1]).toMatchObject({
      visitId: late.visitId,
      merged: { into: early.visitId, at: at('09:26') },
    });
  });

  it('splits a visit whose bridge turned out to be somebody else, and the earlier part keeps the name', () => {
    const [one] = opened(first, bridge, third) as [Visit];
    const settled = settleVisits([one], [first, third], settling('09:30'));
    expect(settled.map(({ visitId, startedAt }) => [visitId, startedAt])).toEqual([
      [one.visitId, at('09:00')],
      [opened(third)[0]?.visitId, at('09:20')],
    ]);
  });

  it('gives a merged visit that comes back a new generation, so that its events are new ones', () => {
    const [late] = opened(third) as [Visit];
    const [gone] = settleVisits([late], [], { ...settling(), movedTo: 'vis_other' }) as [Visit];
    expect(gone.merged).toEqual({ into: 'vis_other', at: at('09:00') });
    const [back] = settleVisits([gone], [third], settling()) as [Visit];
    expect(back).toMatchObject({ visitId: late.visitId, generation: 1, merged: null });
  });

  it('ends a visit when the time of the store is beyond the window, at the time it was last seen', () => {
    const endedAt = (storeTime: string) => settleVisits([], [first], settling(storeTime))[0]?.endedAt;
    expect(endedAt('09:15')).toBeNull();
    expect(endedAt('09:15:01')).toBe(at('09:05'));
  });

  it('ends a visit later while a camera is away, and after two fifths of the window all the same', () => {
    const blind = [{ fromMs: Date.parse(at('09:06')), toMs: Date.parse(at('23:00')) }];
    const endedAt = (time: string) => settleVisits([], [first], { ...settling(time), blind })[0]?.endedAt;
    expect([endedAt('09:15:01'), endedAt('09:19')]).toEqual([null, null]);
    expect(endedAt('09:19:01')).toBe(at('09:05'));
  });

  it('attends the day for a customer and none for a stranger', () => {
    expect(opened(first)[0]?.days).toEqual([{ day: '2026-03-01', firstSeenAt: at('09:00') }]);
    const visitor = { kind: 'stranger', sightingId: sightingId('a') } as const;
    expect(settleVisits([], [first], { ...settling(), visitor })[0]?.days).toEqual([]);
  });
});
