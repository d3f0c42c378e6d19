import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf, netMinorOf } from './buckets.js';
import { calendarMonths, dateOfDay, dayOfDate, spansOfDays } from './periods.js';
import { rfmOf } from './rfm.js';
import { orderedOnce, withoutReversals, type Sale } from './sale.js';

const MONTHS = calendarMonths();
const at = (text: string): number => Date.parse(`${text}Z`);

let sales = 0;
const sale = (occurredAt: string, amountMinor: number, more: Partial<Sale> = {}): Sale => ({
  saleId: `s${(sales += 1)}`,
  customerId: 'ann',
  occurredAtMs: at(occurredAt),
  amountMinor,
  ...more,
});

const anySale: fc.Arbitrary<Sale> = fc.record({
  saleId: fc.integer({ min: 0, max: 30 }).map(String),
  customerId: fc.constantFrom('ann', 'bob'),
  occurredAtMs: fc.integer({ min: at('2024-01-01T00:00'), max: at('2024-06-30T00:00') }),
  amountMinor: fc.constantFrom(-500, -100, 100, 500, 700),
  reverses: fc.option(fc.integer({ min: 0, max: 30 }).map(String), { nil: undefined, freq: 4 }),
});
const anyLedger = fc.array(anySale, { maxLength: 40 });

describe('periods', () => {
  it('are calendar months with consecutive numbers over the turn of the year', () => {
    const december = MONTHS.indexOf(dayOfDate('2010-12-31'));
    expect(MONTHS.indexOf(dayOfDate('2011-01-01'))).toBe(december + 1);
    expect(dateOfDay(MONTHS.startOf(december + 3))).toBe('2011-03-01');
  });

  it('begin at midnight of the shop', () => {
    const day = calendarMonths('America/New_York').dayOf(at('2024-03-01T03:00'));
    expect(dateOfDay(day)).toBe('2024-02-29');
    expect(dateOfDay(calendarMonths('Asia/Tokyo').dayOf(at('2024-02-29T15:00')))).toBe('2024-03-01');
  });

  it('can be spans of days that end where the history does', () => {
    const until = dayOfDate('2024-03-11');
    const weeks = spansOfDays(7, until);
    expect(weeks.indexOf(until)).toBe(weeks.indexOf(until - 1) + 1);
    expect(weeks.startOf(weeks.indexOf(until - 1))).toBe(until - 7);
  });

  it('hold each day exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 60 }), (day, length) => {
        for (const periods of [MONTHS, spansOfDays(length, 20_000)]) {
          const index = periods.indexOf(day);
          expect(periods.startOf(index)).toBeLessThanOrEqual(day);
          expect(periods.startOf(index + 1)).toBeGreaterThan(day);
        }
      }),
    );
  });
});

describe('a ledger', () => {
  it('gives the same buckets and RFM in whatever order and how often the sales arrive', () => {
    fc.assert(
      fc.property(anyLedger, fc.integer(), (ledger, seed) => {
        const again = [...ledger, ...ledger.filter((_, index) => index % 3 === 0)].sort(
          (one, other) => ((one.occurredAtMs * 31 + seed) % 97) - ((other.occurredAtMs * 31 + seed) % 97),
        );
        const [first, second] = [bucketsOf(ledger, MONTHS), bucketsOf(again, MONTHS)];
        expect(new Map([...second].sort())).toEqual(new Map([...first].sort()));
        const day = dayOfDate('2024-07-01');
        for (const [customer, buckets] of first)
          expect(rfmOf([...(second.get(customer) ?? [])].reverse(), day)).toEqual(rfmOf(buckets, day));
      }),
    );
  });

  it('drops a sale that was taken back wholly, and keeps a partial refund in its own month', () => {
    const kept = sale('2024-01-05T10:00', 500);
    const ledger = [
      kept,
      sale('2024-01-06T10:00', 900),
      sale('2024-02-01T10:00', -900),
      sale('2024-03-01T10:00', -200),
    ];
    expect(withoutReversals(orderedOnce(ledger)).map(({ amountMinor }) => amountMinor)).toEqual([500, -200]);
    const buckets = bucketsOf(ledger, MONTHS).get('ann') ?? [];
    expect(buckets.map(({ grossMinor, refundsMinor }) => [grossMinor, refundsMinor])).toEqual([
      [500, 0],
      [0, 200],
    ]);
    expect(buckets.map(netMinorOf)).toEqual([500, 0]);
  });

  it('finds the reversed sale by its id though the refund arrives and is dated before it', () => {
    const bought = sale('2024-01-05T10:00', 500);
    const refund = sale('2024-01-05T09:57', -500, { reverses: bought.saleId });
    expect(withoutReversals(orderedOnce([refund, bought]))).toEqual([]);
  });

  it('keeps a refund whose sale is unknown', () => {
    const refund = sale('2024-01-05T09:57', -500, { reverses: 'elsewhere' });
    expect(withoutReversals([refund])).toEqual([refund]);
  });

  it('counts days and orders apart', () => {
    const ledger = ['2024-01-05T09:00', '2024-01-05T17:00', '2024-01-09T09:00'].map((day) => sale(day, 100));
    expect(bucketsOf(ledger, MONTHS).get('ann')).toEqual([
      {
        period: MONTHS.indexOf(dayOfDate('2024-01-05')),
        grossMinor: 300,
        refundsMinor: 0,
        orders: 3,
        days: 2,
        firstDay: dayOfDate('2024-01-05'),
        lastDay: dayOfDate('2024-01-09'),
        firstDayMinor: 200,
      },
    ]);
  });
});

describe('RFM', () => {
  const ledger = [
    sale('2024-01-05T09:00', 100),
    sale('2024-02-10T09:00', 300),
    sale('2024-02-11T09:00', -50),
  ];
  const buckets = bucketsOf(ledger, MONTHS).get('ann') ?? [];

  it('has a recency that grows until it is read', () => {
    expect(rfmOf(buckets, dayOfDate('2024-02-20'))).toEqual({
      recencyDays: 10,
      frequency: 2,
      monetaryMinor: 350,
    });
    expect(rfmOf(buckets, dayOfDate('2024-03-20'))?.recencyDays).toBe(39);
  });

  it('of a trailing window sees that window only', () => {
    const february = MONTHS.indexOf(dayOfDate('2024-02-01'));
    expect(rfmOf(buckets, dayOfDate('2024-02-20'), february)).toMatchObject({
      frequency: 1,
      monetaryMinor: 250,
    });
    expect(rfmOf(buckets, dayOfDate('2024-03-20'), february + 1)).toBeNull();
  });

  it('is nothing for a customer whose only sale was taken back', () => {
    const undone = bucketsOf([sale('2024-01-05T09:00', 100), sale('2024-01-06T09:00', -100)], MONTHS);
    expect(undone.get('ann')).toBeUndefined();
    expect(rfmOf([], dayOfDate('2024-02-20'))).toBeNull();
  });
});
