import { idFrom } from '@regulars/contracts/ids';
import { describe, expect, it } from 'vitest';
import type { Outage } from './outages.js';
import { type Counted, countVisits } from './visit-count.js';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, minute * 60)).toISOString();
const MINUTE_MS = 60_000;

type Visit = Counted['visits'][number];
type Sighting = Counted['sightings'][number];

const stranger = (from: number, to: number, ...cameraIds: string[]): Visit => ({
  visitor: { kind: 'stranger', sightingId: idFrom('sgt', from, cameraIds.join()) },
  ...{
    startedAt: at(from),
    lastSeenAt: at(to),
    cameraIds: cameraIds.length > 0 ? cameraIds : ['door'],
    merged: null,
  },
});
const customer = (from: number, to: number, ...cameraIds: string[]): Visit => ({
  ...stranger(from, to, ...cameraIds),
  visitor: { kind: 'customer', customerId: idFrom('cus', 'ada') },
});
const unjudged = (from: number, to: number, change: Partial<Sighting> = {}): Sighting => ({
  ...{ cameraId: 'door', startedAt: at(from), lastSeenAt: at(to), hasEnded: true, isCountOnly: false },
  ...{ decision: null, anonymousAs: null, ...change },
});
const outage = (from: number, to: number | null, cameraId = 'door'): Outage => ({
  ...{ cameraId, from: at(from), to: to === null ? null : at(to), fault: null },
});

/** Of two hours with a re-entry window of ten minutes. */
const count = (part: Partial<Counted>) =>
  countVisits({
    ...{ fromMs: Date.parse(at(0)), toMs: Date.parse(at(120)), reentryMs: 10 * MINUTE_MS },
    ...{ visits: [], sightings: [], outages: [], ...part },
  });

describe('a count of visits', () => {
  it('is exact where everybody is known and all cameras saw', () => {
    const visits = [customer(0, 5), customer(30, 35)];
    expect(count({ visits })).toEqual({
      visits: 2,
      low: 2,
      high: 2,
      doubts: { doubled: 0, unjudged: 0, unseen: 0, joined: 0 },
    });
  });

  it('leaves out what was merged away', () => {
    const merged = { ...stranger(0, 1), merged: { into: idFrom('vis', 1), at: at(2) } };
    expect(count({ visits: [merged] }).visits).toBe(0);
  });

  it('may be lower by strangers who may be one person: one after the other, or before two cameras at once', () => {
    expect(count({ visits: [stranger(0, 1), stranger(5, 6), stranger(12, 13)] })).toMatchObject({
      low: 1,
      high: 3,
    });
    expect(count({ visits: [stranger(0, 3), stranger(1, 2, 'till')] })).toMatchObject({ low: 1 });
    // Two faces before one camera at a time are two people; beyond the window it is another visit anyhow.
    expect(count({ visits: [stranger(0, 3), stranger(1, 2)] })).toMatchObject({ low: 2 });
    expect(count({ visits: [stranger(0, 1), stranger(11.1, 12)] })).toMatchObject({ low: 2 });
  });

  it('may be higher by people who were never judged, but not by scraps of a second and not twice', () => {
    const sightings = [unjudged(0, 1), unjudged(2, 3), unjudged(40, 41), unjudged(60, 60.01)];
    expect(count({ sightings })).toMatchObject({ visits: 0, high: 2, doubts: { unjudged: 2 } });
    const known = [
      unjudged(0, 1, { decision: { customerId: null, decidedAt: at(1), isFinal: true } }),
      unjudged(20, 21, { isCountOnly: true }),
      unjudged(40, 41, { hasEnded: false }),
    ];
    expect(count({ sightings: known }).high).toBe(0);
  });

  it('may be higher by whom a camera missed that was away, the more the more it alone saw while it worked', () => {
    const alone = Array.from({ length: 30 }, (_, i) => customer(60 + 2 * i, 60 + 2 * i));
    const few = count({ outages: [outage(0, 60)] });
    const many = count({ visits: alone, outages: [outage(0, 60)] });
    // Nobody in the hour that was seen: up to one in the other. Thirty: 30.5 and 1.96 deviations more.
    expect(few).toMatchObject({ low: 0, high: 1 });
    expect(many.doubts.unseen).toBe(Math.floor(30.5 + 1.96 * Math.sqrt(30.5)));
    const both = alone.map((visit) => ({ ...visit, cameraIds: ['door', 'till'] }));
    expect(count({ visits: both, outages: [outage(0, 60)] }).doubts.unseen).toBe(1);
  });

  it('has no upper bound when a camera was away all the time', () => {
    expect(count({ outages: [outage(0, null)] })).toMatchObject({ high: null, doubts: { unseen: null } });
    expect(count({ outages: [outage(-500, 130)] }).high).toBeNull();
  });

  it('may be lower by a visit that an outage cut in two', () => {
    const visits = [customer(0, 10, 'door', 'till'), customer(35, 40, 'door', 'till')];
    expect(count({ visits }).low).toBe(2);
    expect(count({ visits, outages: [outage(12, 34)] }).low).toBe(1);
    expect(count({ visits, outages: [outage(12, 20)] }).low).toBe(2);
    // Two cameras that are away at once do not explain more than one does; one after the other they do.
    const twice = (second: number) => [outage(12, 20), outage(second, second + 8, 'till')];
    expect(count({ visits, outages: twice(12) }).low).toBe(2);
    expect(count({ visits, outages: twice(20) }).low).toBe(1);
  });

  it('may be higher by a visit that was joined over an outage', () => {
    const decision = { customerId: idFrom('cus', 'ada'), decidedAt: at(1), isFinal: true };
    const seen = (from: number, to: number) => unjudged(from, to, { decision });
    const sightings = [seen(0, 10), seen(2, 3), seen(22, 25), seen(30, 40)];
    const visits = [customer(0, 40, 'door', 'till')];
    expect(count({ visits, sightings })).toMatchObject({ low: 1, high: 2, doubts: { joined: 1 } });
    expect(count({ visits, sightings: sightings.slice(2) }).doubts.joined).toBe(0);
  });
});
