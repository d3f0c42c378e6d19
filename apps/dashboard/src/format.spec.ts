import { CameraId } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDay, minutesBetween, monogramOf, sinceText, slugOf, startOfDay } from './format.js';

describe('a camera id made from a name', () => {
  it.each([
    ['Entrance', 'entrance'],
    ['Till 2 (back)', 'till-2-back'],
    ['Café Straße', 'cafe-stra-e'],
    ['  —  ', ''],
  ])('of “%s” is “%s”', (name, id) => {
    expect(slugOf(name)).toBe(id);
  });

  it('is valid or empty for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        const id = slugOf(name);
        expect(id === '' || CameraId.safeParse(id).success).toBe(true);
      }),
    );
  });
});

describe('times', () => {
  it('are whole minutes apart and never negative', () => {
    expect(minutesBetween('2026-03-01T09:00:00.000Z', '2026-03-01T09:14:59.000Z')).toBe(14);
    expect(minutesBetween('2026-03-01T09:14:59.000Z', '2026-03-01T09:00:00.000Z')).toBe(0);
  });

  it('name the day only when it is not today', () => {
    const now = new Date(2026, 2, 1, 18, 0);
    expect(sinceText(new Date(2026, 2, 1, 9, 41).toISOString(), now)).toBe('09:41');
    expect(sinceText(new Date(2026, 1, 27, 9, 41).toISOString(), now)).toBe('09:41, 27 Feb 2026');
  });

  it('begin the day at local midnight', () => {
    const evening = new Date(2026, 2, 1, 23, 30);
    expect(new Date(startOfDay(evening))).toEqual(new Date(2026, 2, 1));
    expect(calendarDay(evening)).toBe('2026-03-01');
  });
});

describe('a monogram', () => {
  it.each([
    ['Anna Maria Berg', 'AB'],
    ['zoe', 'Z'],
    ['Émile  Zola', 'ÉZ'],
    ['王 伟', '王伟'],
    ['', ''],
  ])('of “%s” is “%s”', (name, monogram) => {
    expect(monogramOf(name)).toBe(monogram);
  });
});
