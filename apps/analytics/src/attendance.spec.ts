import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attendedDays, boundsOfDay, dayOf } from './attendance.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Sao_Paulo',
];
const hoursOf = (day: string, zone: string) => {
  const { from, to } = boundsOfDay(day, zone);
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
};

describe('a day', () => {
  it("is the one on the shop's wall", () => {
    expect(dayOf('2026-03-01T23:30:00.000Z', 'UTC')).toBe('2026-03-01');
    expect(dayOf('2026-03-01T23:30:00.000Z', 'Europe/Berlin')).toBe('2026-03-02');
    expect(dayOf('2026-03-02T03:30:00.000Z', 'America/New_York')).toBe('2026-03-01');
  });

  it('has 23 or 25 hours when the clocks change', () => {
    expect(hoursOf('2026-03-28', 'Europe/Berlin')).toBe(24);
    expect(hoursOf('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hoursOf('2026-10-25', 'Europe/Berlin')).toBe(25);
  });

  it('begins at one where midnight is skipped', () => {
    expect(boundsOfDay('2018-11-04', 'America/Sao_Paulo')).toEqual({
      from: '2018-11-04T03:00:00.000Z',
      to: '2018-11-05T02:00:00.000Z',
    });
  });

  it('holds exactly the instants that are of that day', () => {
    const instant = fc.date({
      min: new Date('2015-01-01T00:00:00Z'),
      max: new Date('2030-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), (date, zone) => {
        const day = dayOf(date.toISOString(), zone);
        const { from, to } = boundsOfDay(day, zone);
        expect(from <= date.toISOString() && date.toISOString() < to).toBe(true);
        expect(dayOf(from, zone)).toBe(day);
        expect(dayOf(new Date(Date.parse(to) - 1).toISOString(), zone)).toBe(day);
        expect(dayOf(to, zone) > day).toBe(true);
      }),
    );
  });
});

describe('attendedDays', () => {
  const starts = (...list: string[]) => list.map((startedAt) => ({ startedAt }));

  it('names a day once, with the first time the customer was seen', () => {
    const seen = starts('2026-03-01T15:00:00.000Z', '2026-03-01T09:00:00.000Z');
    expect(attendedDays(seen, 'UTC')).toEqual([
      { day: '2026-03-01', firstSeenAt: '2026-03-01T09:00:00.000Z' },
    ]);
  });

  it('names the second day of a stay over midnight when a sighting begins in it', () => {
    const seen = starts('2026-03-01T22:50:00.000Z', '2026-03-01T23:10:00.000Z');
    expect(attendedDays(seen, 'Europe/Berlin')).toEqual([
      { day: '2026-03-01', firstSeenAt: '2026-03-01T22:50:00.000Z' },
      { day: '2026-03-02', firstSeenAt: '2026-03-01T23:10:00.000Z' },
    ]);
    expect(attendedDays(seen.slice(0, 1), 'Europe/Berlin')).toHaveLength(1);
  });
});
