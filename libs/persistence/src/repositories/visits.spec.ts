import type { VisitQuery } from '@regulars/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { CameraChangesRepository } from './camera-changes-repository.js';
import { SightingsRepository, type StoredSighting } from './sightings-repository.js';
import { VisitsRepository, type StoredVisit, type VisitRecord } from './visits-repository.js';

const ANNA = 'cus_4f2k9s7d1m3q8w6e0h5t';
const minute = (n: number) => `2026-03-01T09:${String(n).padStart(2, '0')}:00.000Z`;
const id = (prefix: string, n: number) => `${prefix}_${String(n).padStart(20, '0')}`;
/** A visit of a customer from one minute to the next; open unless said otherwise. */
function visit(n: number, fields: Partial<VisitRecord> = {}): Omit<StoredVisit, 'revision'> {
  return {
    visit: {
      visitId: id('vis', n),
      storeId: 'main',
      visitor: { kind: 'customer', customerId: ANNA },
      startedAt: minute(n),
      lastSeenAt: minute(n + 1),
      endedAt: null,
      firstSightingId: id('sgt', n),
      firstCameraId: 'entrance',
      cameraIds: ['entrance'],
      sightings: 1,
      satisfaction: { score: 0.7, class: 'satisfied', spread: 0.1, scoredCrops: 3, abstentions: 1 },
      days: [{ day: '2026-03-01', firstSeenAt: minute(n) }],
      merged: null,
      generation: 0,
      ...fields,
    },
    announced: { started: true, endedEventId: null, mergedInto: null, days: [], countedAt: null },
    isDue: false,
  };
}

function sighting(
  n: number,
  fields: Partial<StoredSighting['sighting']> = {},
): Omit<StoredSighting, 'revision'> {
  return {
    sighting: {
      sightingId: id('sgt', n),
      storeId: 'main',
      cameraId: 'entrance',
      startedAt: minute(n),
      lastSeenAt: minute(n + 1),
      hasEnded: true,
      isCountOnly: false,
      decision: { customerId: ANNA, decidedAt: minute(n), isFinal: true },
      crops: [{ capturedAt: minute(n), score: 0.7 }],
      anonymousAs: null,
      ...fields,
    },
    visitorKey: ANNA,
    vacated: [],
  };
}

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  describe('visits', () => {
    it('are saved by whoever read them last', async () => {
      const visits = new VisitsRepository(under.store);
      const saved = await visits.save(visit(1), null);
      expect(saved).toEqual({ ...visit(1), revision: 1 });
      expect(await visits.get(saved.visit.visitId)).toEqual(saved);
      expect(await codeOf(visits.save(visit(1), null))).toBe('REVISION_CONFLICT');
      const later = { ...visit(1, { lastSeenAt: minute(5) }), isDue: true };
      expect(await visits.save(later, 1)).toEqual({ ...later, revision: 2 });
      expect(await codeOf(visits.save(visit(1), 1))).toBe('REVISION_CONFLICT');
      expect(await visits.due()).toEqual([{ ...later, revision: 2 }]);
    });

    it('are found by visitor and time, open or over', async () => {
      const visits = new VisitsRepository(under.store);
      const stranger = { visitor: { kind: 'stranger', sightingId: id('sgt', 8) } } as const;
      const saved = [];
      for (const one of [
        visit(1, { endedAt: minute(2) }),
        visit(10),
        visit(20, stranger),
        visit(30, { storeId: 'branch' }),
      ])
        saved.push(await visits.save(one, null));
      const at = (from: number, to: number) =>
        visits.ofVisitor('main', ANNA, { from: minute(from), to: minute(to) });
      expect(await at(0, 59)).toEqual([saved[0], saved[1]]);
      expect(await at(2, 9)).toEqual([saved[0]]);
      expect(await at(3, 9)).toEqual([]);
      expect(await at(11, 12)).toEqual([saved[1]]);
      expect(await visits.openByVisitor('main', ANNA)).toEqual(saved[1]);
      expect(await visits.openByVisitor('branch', ANNA)).toEqual(saved[3]);
      expect(await visits.openByVisitor('elsewhere', ANNA)).toBeNull();
      expect(await visits.openSeenBefore(minute(21))).toEqual([saved[1]]);
      expect([await visits.countOpen(), await visits.countOpen('main')]).toEqual([3, 2]);
      const inTime = [];
      for await (const one of visits.byTimeRange('main', { from: minute(1), to: minute(20) }))
        inTime.push(one);
      expect(inTime).toEqual([saved[0], saved[1]]);
      expect(await visits.figuresOf(ANNA)).toEqual({ visits: 3, lastVisitAt: minute(31) });
    });

    it('are listed newest first by any filter, without merged ones', async () => {
      const visits = new VisitsRepository(under.store);
      const other = { kind: 'stranger', sightingId: id('sgt', 8) } as const;
      const merged = { into: id('vis', 1), at: minute(50) };
      const all = [
        visit(1, { endedAt: minute(2) }),
        visit(10, { visitor: other }),
        visit(20, { storeId: 'branch' }),
        visit(25, { merged }),
        visit(30),
      ];
      for (const one of all) await visits.save(one, null);
      const list = async (query: Partial<VisitQuery>) => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await visits.list({ limit: 2, ...query, cursor });
          found.push(...page.items.map((stored) => stored.visit.startedAt.slice(14, 16)));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        return found.join();
      };
      expect(await list({})).toBe('30,20,10,01');
      expect(await list({ storeId: 'main' })).toBe('30,10,01');
      expect(await list({ customerId: ANNA })).toBe('30,20,01');
      expect(await list({ customerId: ANNA, storeId: 'main', open: true })).toBe('30');
      expect(await list({ open: true })).toBe('30,20,10');
      expect(await list({ open: true, storeId: 'branch' })).toBe('20');
      expect(await list({ open: false })).toBe('01');
      expect(await list({ open: false, storeId: 'main', from: minute(0), to: minute(9) })).toBe('01');
      expect(await list({ from: minute(10), to: minute(30) })).toBe('20,10');
      expect(await list({ customerId: ANNA, from: minute(20) })).toBe('30,20');
    });
  });

  describe('sightings', () => {
    it('are saved by whoever read them last and found by visitor, customer and camera', async () => {
      const sightings = new SightingsRepository(under.store);
      const saved = [];
      for (const one of [sighting(1), sighting(10, { cameraId: 'till' }), sighting(20, { decision: null })])
        saved.push(await sightings.save(one, null));
      expect(await codeOf(sightings.save(sighting(1), null))).toBe('REVISION_CONFLICT');
      expect(await sightings.get(id('sgt', 1))).toEqual({ ...sighting(1), revision: 1 });
      expect(await sightings.ofVisitor('main', ANNA, { from: minute(2), to: minute(10) })).toEqual(
        saved.slice(0, 2),
      );
      expect(await sightings.ofVisitor('main', ANNA, { from: minute(3), to: minute(9) })).toEqual([]);
      const collect = async (list: AsyncGenerator<StoredSighting>) => {
        const found = [];
        for await (const one of list) found.push(one);
        return found;
      };
      expect(await collect(sightings.ofCustomer(ANNA))).toEqual(saved.slice(0, 2));
      expect(await collect(sightings.ofCamera('entrance', { from: minute(0), to: minute(20) }))).toEqual([
        saved[0],
      ]);
      expect(await sightings.deleteBefore(minute(11))).toBe(1);
      expect(await sightings.get(id('sgt', 10))).toEqual(saved[1]);
    });

    it('are found by when they were last seen, where their visitor is known', async () => {
      const sightings = new SightingsRepository(under.store);
      const mine = [sighting(1), sighting(5), sighting(10)];
      const others = [{ ...sighting(6), visitorKey: null }, sighting(7, { storeId: 'branch' })];
      for (const one of [...mine, ...others]) await sightings.save(one, null);
      const found: string[] = [];
      for await (const { sighting: one } of sightings.lastSeenIn('main', { from: minute(2), to: minute(11) }))
        found.push(one.startedAt);
      expect(found).toEqual([minute(1), minute(5)]);
    });

    it('keep a bounded number of crops', async () => {
      const sightings = new SightingsRepository(under.store);
      const crops = Array.from({ length: 65 }, () => ({ capturedAt: minute(1), score: 1 }));
      await expect(sightings.save(sighting(1, { crops }), null)).rejects.toThrow(/too_big/);
      expect(await sightings.get(id('sgt', 1))).toBeNull();
    });
  });

  it('changes of cameras are kept once and found by store and time', async () => {
    const changes = new CameraChangesRepository(under.store);
    const change = (n: number, storeId = 'main') =>
      ({ storeId, cameraId: `${storeId}-till`, state: 'gone', since: minute(n), fault: null }) as const;
    for (const one of [change(3), change(1), change(2), change(2), change(2, 'branch')])
      await changes.enter(one);
    const times = async (from: number, to: number) =>
      (await changes.within('main', { from: minute(from), to: minute(to) })).map(({ since }) => since);
    expect(await times(0, 3)).toEqual([minute(1), minute(2)]);
    expect(await times(2, 9)).toEqual([minute(2), minute(3)]);
    expect((await changes.ofStore('main', minute(9))).map(({ since }) => since)).toEqual(
      [1, 2, 3].map(minute),
    );
  });
});
