import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf, normalOf } from '@regulars/contracts/random';
import { classOf, fitClasses } from './classes.js';
import { cohortsOf } from './cohorts.js';
import { kMeans } from './k-means.js';
import { rfmCuts, rfmScores, scoreCuts, scoreOf } from './scores.js';
import { segmentOf, SEGMENTS } from './segments.js';

describe('scores', () => {
  it('are fifths of the ranks', () => {
    const values = Array.from({ length: 100 }, (_, index) => index);
    const cuts = scoreCuts(values);
    const counts = [1, 2, 3, 4, 5].map(
      (score) => values.filter((value) => scoreOf(value, cuts) === score).length,
    );
    expect(counts).toEqual([20, 20, 20, 20, 20]);
  });

  it('are the same for equal values, grow with the value and do not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 200 }), (values) => {
        const cuts = scoreCuts(values);
        expect(scoreCuts([...values].reverse())).toEqual(cuts);
        for (let value = 0; value < 6; value += 1)
          expect(scoreOf(value + 1, cuts)).toBeGreaterThanOrEqual(scoreOf(value, cuts));
      }),
    );
  });

  it('give the middle score to everybody when all are equal', () => {
    expect(scoreOf(7, scoreCuts([7, 7, 7]))).toBe(3);
  });

  it('put six in ten customers with one order into one group', () => {
    const cuts = scoreCuts([
      ...new Array<number>(60).fill(1),
      ...Array.from({ length: 40 }, (_, i) => 2 + i),
    ]);
    expect(scoreOf(1, cuts)).toBe(2);
    expect(scoreOf(2, cuts)).toBe(4);
  });
});

describe('segments', () => {
  it('name every combination of scores, and use every name', () => {
    const scores = [1, 2, 3, 4, 5];
    const named = scores.flatMap((recency) =>
      scores.flatMap((frequency) => scores.map((monetary) => segmentOf({ recency, frequency, monetary }))),
    );
    expect(named).toHaveLength(125);
    expect(new Set(named)).toEqual(new Set(SEGMENTS));
  });

  it('call the best customers champions, and valuable ones long absent not to be lost', () => {
    const population = Array.from({ length: 100 }, (_, index) => ({
      recencyDays: index,
      frequency: 100 - index,
      monetaryMinor: 10_000 - 100 * index,
    }));
    const cuts = rfmCuts(population);
    const segment = (recencyDays: number, frequency: number, monetaryMinor: number) =>
      segmentOf(rfmScores({ recencyDays, frequency, monetaryMinor }, cuts));
    expect(segment(0, 100, 10_000)).toBe('champions');
    expect(segment(99, 100, 10_000)).toBe('cannot-lose');
    expect(segment(99, 1, 100)).toBe('lost');
    expect(segment(0, 1, 100)).toBe('new');
  });

  it('refuse scores that do not exist', () => {
    expect(() => segmentOf({ recency: 0, frequency: 1, monetary: 1 })).toThrow('1 to 5');
  });
});

describe('k-means', () => {
  const cloud = (seed: number) => {
    const random = randomOf(seed);
    const points = new Float64Array(300 * 2);
    for (let point = 0; point < 300; point += 1)
      for (let d = 0; d < 2; d += 1)
        points[point * 2 + d] = (point % 3) * 10 * (d === 0 ? 1 : -1) + normalOf(random);
    return points;
  };

  it('finds three clouds, whatever the seed', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { assigned, inertia } = kMeans(cloud(seed), 2, { clusters: 3, seed, starts: 5 });
      for (let point = 3; point < 300; point += 1) expect(assigned[point]).toBe(assigned[point % 3]);
      expect(inertia / 600).toBeCloseTo(1, 0);
    }
  });

  it('gives the same centroids for the same seed', () => {
    const run = () => kMeans(cloud(1), 2, { clusters: 4, seed: 9 }).centroids;
    expect(run()).toEqual(run());
  });

  it('refuses more clusters than points', () => {
    expect(() => kMeans(new Float64Array(4), 2, { clusters: 3, seed: 1 })).toThrow(RangeError);
  });
});

describe('classes', () => {
  const windows = {
    orders: [1, 1, 1, 2, 2, 5, 6, 20],
    spendMinor: [100, 120, 90, 400, 500, 5_000, 6_000, 90_000],
  };
  const centroids = fitClasses(windows, 'v1', 3);

  it('are none without a purchase, and ordered by value', () => {
    expect(classOf(0, 0, centroids)).toBe(0);
    expect([
      classOf(1, 100, centroids),
      classOf(5, 5_500, centroids),
      classOf(20, 90_000, centroids),
    ]).toEqual([1, 2, 3]);
  });

  it('stay what they were when the population changes, since the centroids are kept', () => {
    const kept = JSON.parse(JSON.stringify(centroids)) as typeof centroids;
    expect(classOf(5, 5_500, kept)).toBe(classOf(5, 5_500, centroids));
    expect(kept.version).toBe('v1');
  });
});

describe('cohorts', () => {
  const bucket = (period: number, orders = 1) => ({
    period,
    orders,
    grossMinor: 100,
    refundsMinor: 0,
    days: orders,
    firstDay: 1,
    lastDay: 1,
  });

  it('count who came back so many periods after the first purchase', () => {
    const customers = [
      [bucket(10), bucket(12)],
      [bucket(10)],
      [bucket(11), bucket(12), bucket(14)],
      [bucket(9, 0)],
    ];
    expect(cohortsOf(customers, 12)).toEqual([
      { period: 10, customers: 2, active: [2, 0, 1] },
      { period: 11, customers: 1, active: [1, 1] },
    ]);
  });
});
