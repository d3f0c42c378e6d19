import { eventByKey, type Identity, LiveEvent, QUEUES } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import type { HeardEvent } from './heard-event.js';
import { customersNamedBy, toLiveEvent } from './live-event.js';

const CUSTOMER = 'cus_4f2k9s7d1m3q8w6e0h5t';
const IDENTIFIED: Identity = {
  kind: 'identified',
  customerId: CUSTOMER,
  distance: 0.41,
  margin: 0.22,
  votes: 3,
  model: 'face-recognition-resnet',
};
const acquaintance = {
  nameOf: (customerId: string) => (customerId === CUSTOMER ? 'Ada Byron' : 'nobody'),
  identityOf: (): Identity => IDENTIFIED,
};

function exampleOf(key: string): HeardEvent {
  const event = eventByKey(key);
  if (event === undefined) throw new Error(`no event ${key}`);
  return { key, payload: event.example } as unknown as HeardEvent;
}

const ada = { kind: 'customer', customerId: CUSTOMER, displayName: 'Ada Byron' };

describe('live events', () => {
  it.each(QUEUES['gateway.events'].keys)('%s becomes a valid live event', (key) => {
    const news = toLiveEvent(exampleOf(key), acquaintance);
    expect(LiveEvent.parse({ epoch: 'e', sequence: 1, ...news })).toMatchObject(news);
  });

  it.each([
    ['camera.status', 'camera', 'main'],
    ['cameras.changed', 'cameras', null],
    ['customer.updated', 'customer', null],
    ['gallery.changed', 'customer', null],
    ['sighting.started', 'sighting-started', 'main'],
    ['sighting.identified', 'sighting-identified', 'main'],
    ['sighting.ended', 'sighting-ended', 'main'],
    ['expression.scored', 'expression', 'main'],
    ['visit.started', 'visit-started', 'main'],
    ['visit.ended', 'visit-ended', 'main'],
    ['visit.merged', 'visit-merged', 'main'],
    ['sale.recorded', 'sale', 'main'],
    ['sale.refunded', 'refund', 'main'],
    ['sales.imported', 'import', 'main'],
  ])('%s is told as %s to store %s', (key, kind, storeId) => {
    const news = toLiveEvent(exampleOf(key), acquaintance);
    expect([news.payload.kind, news.storeId]).toEqual([kind, storeId]);
  });

  it.each([
    ['sighting.identified', ada],
    ['sighting.started', { kind: 'undecided' }],
    ['sighting.ended', { kind: 'stranger' }],
    ['expression.scored', ada],
    ['visit.started', ada],
    ['visit.ended', ada],
    ['sale.recorded', ada],
    ['sale.refunded', ada],
  ])('%s says who it is about', (key, who) => {
    expect(toLiveEvent(exampleOf(key), acquaintance).payload).toMatchObject({ who });
  });

  it('happens when the broker event happened', () => {
    expect(toLiveEvent(exampleOf('sighting.identified'), acquaintance).at).toBe('2026-03-01T09:00:24.400Z');
    expect(toLiveEvent(exampleOf('visit.ended'), acquaintance).at).toBe('2026-03-01T09:14:02.000Z');
  });

  it('tells removed photographs from added ones', () => {
    const { payload } = exampleOf('gallery.changed') as Extract<HeardEvent, { key: 'gallery.changed' }>;
    const removed = toLiveEvent(
      { key: 'gallery.changed', payload: { ...payload, change: 'removed', templates: 0 } },
      acquaintance,
    );
    expect(removed.payload).toEqual({ kind: 'customer', customerId: CUSTOMER, change: 'unenrolled' });
  });

  it('asks for the names of exactly the customers it will show', () => {
    for (const key of QUEUES['gateway.events'].keys) {
      const event = exampleOf(key);
      const asked = customersNamedBy(event, acquaintance);
      const shown = JSON.stringify(toLiveEvent(event, acquaintance)).includes('Ada Byron') ? [CUSTOMER] : [];
      expect(asked, key).toEqual(shown);
    }
  });
});
