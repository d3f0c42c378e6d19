import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveNews } from './live-event.js';
import { EventRing } from './ring.js';

function news(storeId: string | null): LiveNews {
  const payload = { kind: 'cameras', cameraId: 'door', change: 'added' } as const;
  return { storeId, at: '2026-03-01T09:00:00.000Z', payload };
}

const missed = (ring: EventRing, sequence: number, epoch = 'e1') =>
  ring.missedSince({ epoch, sequence }, 'main')?.map((event) => event.sequence) ?? null;

describe('event ring', () => {
  it('numbers events from 1 and gives back what came after a number', () => {
    const ring = new EventRing('e1', 10);
    expect([news('main'), news('main'), news('main')].map((item) => ring.add(item).sequence)).toEqual([
      1, 2, 3,
    ]);
    expect(missed(ring, 1)).toEqual([2, 3]);
    expect(missed(ring, 3)).toEqual([]);
  });

  it('gives a store its own events and those that concern all', () => {
    const ring = new EventRing('e1', 10);
    for (const storeId of ['main', 'harbour', null, 'harbour', 'main']) ring.add(news(storeId));
    expect(missed(ring, 0)).toEqual([1, 3, 5]);
  });

  it('says so when it no longer knows', () => {
    const ring = new EventRing('e1', 2);
    for (let i = 0; i < 5; i++) ring.add(news('main'));
    expect(missed(ring, 3)).toEqual([4, 5]);
    expect(missed(ring, 2)).toBeNull();
    expect(missed(ring, 6)).toBeNull();
    expect(missed(ring, 5, 'another epoch')).toBeNull();
    expect(ring.position).toEqual({ epoch: 'e1', sequence: 5 });
  });

  it('either gives every later event or nothing, whatever came', () => {
    const stores = fc.array(fc.constantFrom('main', 'harbour', null), { maxLength: 40 });
    fc.assert(
      fc.property(stores, fc.integer({ min: 1, max: 10 }), fc.nat(45), (come, capacity, since) => {
        const ring = new EventRing('e1', capacity);
        const all = come.map((storeId) => ring.add(news(storeId)));
        const later = all.filter((event) => event.sequence > since && event.storeId !== 'harbour');
        const got = ring.missedSince({ epoch: 'e1', sequence: since }, 'main');
        const isKept = since <= come.length && since >= come.length - capacity;
        expect(got).toEqual(isKept ? later : null);
      }),
    );
  });
});
