import { CustomersRepository } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { expressionOf } from './sightings.js';
import { at, customerId, factsOf, makeBench, sightingId, withStore } from './testing.js';

const ANN = { sighting: 'a', customer: 'ann', from: '09:00', to: '09:05' };

function looked(second: number) {
  const capturedAt = at(`09:00:0${second}`);
  return {
    evidence: expressionOf({
      sightingId: sightingId('a'),
      cameraId: 'entrance',
      storeId: 'main',
      capturedAt,
      model: 'test',
      outcome: { kind: 'scored', satisfaction: 0.9, class: 'satisfied', confidence: 0.9 },
    }),
    happenedAt: capturedAt,
  };
}

describe('the satisfaction of a visit', () => {
  it.each([true, false])(
    'is known of customers, never of staff (staff: %s), in whatever order it comes',
    async (isStaff) => {
      const facts = [looked(1), looked(2), ...factsOf(ANN), looked(3)];
      for (const order of [facts, facts.toReversed()]) {
        await withStore(async (store) => {
          const customers = new CustomersRepository(store);
          await customers.create(customerId('ann'), { displayName: 'Ann', isStaff }, at('08:00'));
          expect(await customers.staff()).toEqual(isStaff ? [customerId('ann')] : []);
          const bench = makeBench(store);
          for (const fact of order) await bench.take(fact);
          const [visit] = await bench.counting();
          expect(visit?.satisfaction.scoredCrops).toBe(isStaff ? 0 : 3);
          expect(visit?.satisfaction.score).toBe(isStaff ? null : 0.9);
        });
      }
    },
  );
});
