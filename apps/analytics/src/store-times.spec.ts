import { describe, expect, it } from 'vitest';
import { StoreTimes } from './store-times.js';
import { at } from './testing.js';

function timesAt(clockTime: string) {
  const clock = { now: Date.parse(at(clockTime)) };
  return { clock, times: new StoreTimes(() => clock.now) };
}

describe('StoreTimes', () => {
  it('is the time of the newest event and goes on with the clock', () => {
    const { clock, times } = timesAt('2026-06-01T12:00:00.000Z');
    times.advance('main', at('09:00'));
    times.advance('main', at('08:00'));
    expect(times.now('main')).toBe(at('09:00'));
    clock.now += 90_000;
    expect(times.now('main')).toBe(at('09:01:30'));
  });

  it('follows a recording that is played faster or slower than the clock', () => {
    const { clock, times } = timesAt('2026-06-01T12:00:00.000Z');
    times.advance('main', at('09:00'));
    clock.now += 60_000;
    times.advance('main', at('09:00:10'));
    expect(times.now('main')).toBe(at('09:00:10'));
    times.advance('main', at('10:00'));
    expect(times.now('main')).toBe(at('10:00'));
  });

  it('is not carried away by a camera whose clock is ahead', () => {
    const { times } = timesAt('09:00');
    times.advance('main', at('11:00'));
    expect(times.now('main')).toBe(at('09:00'));
  });

  it('is the beginning of time for a store of which nothing was heard', () => {
    const { times } = timesAt('09:00');
    times.advance('main', at('08:59'));
    expect(times.now('branch')).toBe('1970-01-01T00:00:00.000Z');
    expect([times.knows('main'), times.knows('branch')]).toEqual([true, false]);
  });
});
