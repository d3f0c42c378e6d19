import { describe, expect, it } from 'vitest';
import { lastMonths } from './months.js';

const month = (name: string, spendMinor: number, currency = 'EUR') => ({
  month: name,
  currency,
  purchases: 1,
  spendMinor,
  refundsMinor: 0,
});

describe('the last months', () => {
  it('have those without a purchase between them, over the turn of a year', () => {
    const months = lastMonths(
      [month('2025-11', 10), month('2026-02', 30), month('2026-01', 5, 'USD')],
      'EUR',
      24,
    );
    expect(months.map(({ month: name, spendMinor }) => [name, spendMinor])).toEqual([
      ['2025-11', 10],
      ['2025-12', 0],
      ['2026-01', 0],
      ['2026-02', 30],
    ]);
  });

  it('are the newest when there are more', () => {
    expect(
      lastMonths([month('2020-01', 1), month('2026-02', 2)], 'EUR', 2).map((each) => each.month),
    ).toEqual(['2026-01', '2026-02']);
  });

  it('are none without a purchase in that currency', () => {
    expect(lastMonths([month('2026-01', 1)], 'JPY', 3)).toEqual([]);
  });
});
