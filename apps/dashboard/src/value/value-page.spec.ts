import type { CohortsView, ConversionView, TrafficView } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { retentionOf } from './retention.js';
import { shareOf } from './share-of.js';
import { linesOf, timeText, totalOf } from './traffic.js';

describe('retention', () => {
  it('is each month’s part of its own cohort, without cohorts of nobody', () => {
    const view: CohortsView = {
      computedAt: null,
      cohorts: [
        { month: '2026-01', customers: 0, active: [0] },
        { month: '2026-02', customers: 40, active: [40, 20, 10] },
      ],
    };
    expect(retentionOf(view, 24)).toEqual([{ month: '2026-02', customers: 40, shares: [1, 0.5, 0.25] }]);
    expect(retentionOf(view, 2)[0]?.shares).toEqual([1, 0.5]);
  });
});

describe('traffic', () => {
  const at = (time: string, visits: number, strangers = 0) => ({ time, visits, strangers, customers: 0 });
  const sold = (time: string, visits: number, buyingVisits: number, sales: number) => {
    const conversion = visits === 0 ? null : buyingVisits / visits;
    return { time, visits, buyingVisits, expectedBuyingVisits: buyingVisits, sales, conversion };
  };
  const traffic = (by: TrafficView['by'], items: TrafficView['items']): TrafficView => ({
    storeId: 'main',
    by,
    items,
  });
  const conversion = (by: TrafficView['by'], items: ConversionView['items']): ConversionView => ({
    storeId: 'main',
    by,
    items,
  });

  it('has a line for every day, also for those on which nobody came', () => {
    const span = { by: 'day', from: '2026-02-27', to: '2026-03-02' } as const;
    const lines = linesOf(
      traffic('day', [at('2026-03-01', 8, 3)]),
      conversion('day', [sold('2026-03-01', 8, 2, 3)]),
      span,
    );
    expect(lines.map(({ time, visits }) => [time, visits])).toEqual([
      ['2026-02-27', 0],
      ['2026-02-28', 0],
      ['2026-03-01', 8],
      ['2026-03-02', 0],
    ]);
    expect(lines[2]).toMatchObject({ strangers: 3, buyingVisits: 2, sales: 3, conversion: 0.25 });
  });

  it('has a line for every month', () => {
    const span = { by: 'month', from: '2025-12-20', to: '2026-02-01' } as const;
    const lines = linesOf(traffic('month', []), conversion('month', []), span);
    expect(lines.map(({ time }) => timeText(time))).toEqual(['Dec 2025', 'Jan 2026', 'Feb 2026']);
  });

  it('sums the hours of the day over all days', () => {
    const lines = linesOf(
      traffic('hour', [at('2026-03-01T09', 4), at('2026-03-02T09', 6, 1), at('2026-03-02T11', 1)]),
      conversion('hour', [sold('2026-03-01T09', 4, 1, 1), sold('2026-03-02T09', 6, 4, 4)]),
      { by: 'hour', from: '2026-03-01', to: '2026-03-02' },
    );
    expect(lines.map(({ time, visits, conversion: part }) => [time, visits, part])).toEqual([
      ['09:00', 10, 0.5],
      ['10:00', 0, null],
      ['11:00', 1, 0],
    ]);
    expect(totalOf(lines)).toEqual({
      visits: 11,
      strangers: 1,
      buyingVisits: 5,
      expectedBuyingVisits: 5,
      sales: 5,
    });
  });
});

describe('a typed share', () => {
  it.each([
    ['50', 100, 0.5],
    [' 12,5 ', 50, 0.125],
    ['0', 50, 0],
    ['51', 50, null],
    ['', 50, null],
    ['-1', 50, null],
    ['ten', 50, null],
  ])('“%s” of at most %d per cent is %j', (text, most, share) => {
    expect(shareOf(text, most)).toBe(share);
  });
});
