import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, NOT_JUDGED, visitView } from '../testing/a.js';
import { attendanceLines, boundsOf, summaryOf, visitsByHour } from './summary.js';

const satisfied = { ...NOT_JUDGED, score: 0.8, class: 'satisfied', scoredCrops: 3 } as const;
const dissatisfied = { ...NOT_JUDGED, score: 0.2, class: 'dissatisfied', scoredCrops: 3 } as const;

function byCustomer(number: number, customerNumber: number, startedAt = visitView(0).startedAt) {
  return visitView(number, {
    visitor: { kind: 'customer', customerId: customerId(customerNumber) },
    displayName: `Customer ${customerNumber}`,
    startedAt,
    endedAt: startedAt,
  });
}

describe('a day in numbers', () => {
  it('counts a customer who came twice as two visits of one regular', () => {
    const visits = [
      { ...byCustomer(1, 1), satisfaction: satisfied },
      byCustomer(2, 1),
      { ...byCustomer(3, 2), satisfaction: dissatisfied },
      visitView(4),
    ];
    expect(summaryOf(visits)).toEqual({
      visits: 4,
      regulars: 2,
      guests: 1,
      open: 1,
      judged: 2,
      satisfied: 1,
    });
  });

  it('loses no visit when they are counted by the hour', () => {
    const anyVisit = fc
      .tuple(
        fc.date({ min: new Date(2026, 2, 1), max: new Date(2026, 2, 1, 23, 59), noInvalidDate: true }),
        fc.boolean(),
      )
      .map(([start, isRegular]) =>
        isRegular ? byCustomer(1, 1, start.toISOString()) : visitView(1, { startedAt: start.toISOString() }),
      );
    fc.assert(
      fc.property(fc.array(anyVisit, { maxLength: 80 }), (visits) => {
        const hours = visitsByHour(visits);
        const total = hours.reduce((sum, hour) => sum + hour.regulars + hour.guests, 0);
        expect(total).toBe(visits.length);
        expect(hours.map(({ hour }) => hour)).toEqual(hours.map((_, index) => (hours[0]?.hour ?? 0) + index));
      }),
    );
  });

  it('lists each customer once, in order of coming, with their visits and last mood', () => {
    const morning = '2026-03-01T09:00:00.000Z';
    const noon = '2026-03-01T12:00:00.000Z';
    const line = (number: number, firstSeenAt: string) => ({
      day: '2026-03-01',
      storeId: 'main',
      customerId: customerId(number),
      displayName: `Customer ${number}`,
      firstSeenAt,
    });
    const visits = [
      { ...byCustomer(2, 1, noon), satisfaction: dissatisfied },
      { ...byCustomer(1, 1, morning), satisfaction: satisfied },
    ];
    expect(attendanceLines([line(2, noon), line(1, morning)], visits)).toEqual([
      {
        customerId: customerId(1),
        displayName: 'Customer 1',
        firstSeenAt: morning,
        visits: 2,
        mood: 'dissatisfied',
      },
      { customerId: customerId(2), displayName: 'Customer 2', firstSeenAt: noon, visits: 0, mood: null },
    ]);
  });
});

describe('the bounds of a count', () => {
  it('are told unless the count is sure', () => {
    expect(boundsOf({ visits: 3, low: 3, high: 3 })).toBe('');
    expect(boundsOf({ visits: 3, low: 2, high: 5 })).toBe('between 2 and 5');
    expect(boundsOf({ visits: 3, low: 3, high: null })).toContain('3 or more');
  });
});
