import { describe, expect, it } from 'vitest';
import { instantOfText } from './local-time.js';

const instant = (text: string, zone: string) => {
  const ms = instantOfText(text, zone);
  return ms === null ? null : new Date(ms).toISOString();
};

describe('times of a file', () => {
  it.each([
    ['2009-12-01 07:45:00', 'UTC', '2009-12-01T07:45:00.000Z'],
    ['2009-12-01 07:45:00', 'Europe/Berlin', '2009-12-01T06:45:00.000Z'],
    ['2010-07-01 07:45', 'Europe/Berlin', '2010-07-01T05:45:00.000Z'],
    ['2026-03-01', 'America/New_York', '2026-03-01T05:00:00.000Z'],
    ['12/1/2010 8:26', 'UTC', '2010-12-01T08:26:00.000Z'],
    ['2026-03-01T09:12:40+05:30', 'Europe/Berlin', '2026-03-01T03:42:40.000Z'],
    ['2026-03-01T09:12:40.123Z', 'Europe/Berlin', '2026-03-01T09:12:40.000Z'],
    // The night the clock is put forward and the one it is put back.
    ['2026-03-29 01:59:00', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 01:30:00', 'Europe/Berlin', '2026-10-24T23:30:00.000Z'],
    ['2026-10-25 03:30:00', 'Europe/Berlin', '2026-10-25T02:30:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(instant(text, zone)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01 24:00:00',
    '13/1/2010 8:26',
    '2026-1-1',
    '1e20',
  ])('%j is none', (text) => {
    expect(instant(text, 'UTC')).toBeNull();
  });
});
