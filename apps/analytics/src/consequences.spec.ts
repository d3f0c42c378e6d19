import { CustomerUpdated } from '@regulars/contracts';
import { CustomersRepository, SightingsRepository } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import {
  ADA,
  at,
  attendance,
  customerId,
  makeBench,
  shape,
  sightingId,
  takeAll,
  withStore,
  type Pass,
} from './testing.js';

describe('what follows from visits', () => {
  it('enters attendance once a day, and takes it back when it was somebody else', () =>
    withStore(async (store) => {
      const bench = makeBench(store);
      await takeAll(bench, { ...ADA, decided: '09:01' });
      await takeAll(bench, { ...ADA, sighting: 'b', from: '15:00', to: '15:01' });
      const first = { day: '2026-03-01', who: customerId('ada'), firstSeenAt: at('09:00') };
      expect(await attendance(store)).toEqual([first]);
      await takeAll(bench, { ...ADA, customer: 'bob', to: '09:06', decided: '09:02' });
      expect(await attendance(store)).toEqual(
        expect.arrayContaining([
          { ...first, firstSeenAt: at('15:00') },
          { ...first, who: customerId('bob') },
        ]),
      );
    }));

  it('counts the visits of a customer however often events come', () =>
    withStore(async (store) => {
      const customers = new CustomersRepository(store);
      await customers.create(customerId('ada'), { displayName: 'Ada' }, at('08:00'));
      const bench = makeBench(store);
      const passes: Pass[] = [ADA, { ...ADA, sighting: 'b', from: '11:00', to: '11:05' }];
      await takeAll(bench, ...passes, ...passes, { sighting: 'x', from: '12:00', to: '12:01' });
      expect(await customers.get(customerId('ada'))).toMatchObject({ visits: 2, lastVisitAt: at('11:05') });
    }));

  it('leaves the visits of an erased customer to a stranger, and late events bring nobody back', () =>
    withStore(async (store) => {
      const customers = new CustomersRepository(store);
      await customers.create(customerId('ada'), { displayName: 'Ada' }, at('08:00'));
      const bench = makeBench(store);
      await takeAll(bench, ADA, { ...ADA, sighting: 'b', camera: 'till', from: '09:06', to: '09:07' });
      await customers.erase(customerId('ada'), at('10:00'));
      const erased = { ...CustomerUpdated.example, customerId: customerId('ada'), change: 'erased' } as const;
      await bench.analytics.onCustomer({ ...erased, updatedAt: at('10:00') });
      await takeAll(bench, ADA, { ...ADA, sighting: 'late', from: '09:08', to: '09:09' });
      expect((await bench.counting()).map(shape)).toMatchObject([
        { who: 'stranger', startedAt: at('09:00'), lastSeenAt: at('09:07'), sightings: 2 },
        { who: 'stranger', startedAt: at('09:08'), sightings: 1 },
      ]);
      expect(await attendance(store)).toEqual([]);
      const sightings = new SightingsRepository(store);
      expect(JSON.stringify(await sightings.get(sightingId('a')))).not.toContain(customerId('ada'));
      expect(JSON.stringify(await sightings.get(sightingId('late')))).not.toContain(customerId('ada'));
    }));
});
