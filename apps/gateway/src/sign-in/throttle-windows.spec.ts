import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThrottleWindows } from './throttle-windows.js';

const MINUTE = 60_000;

function throttle(limit: number, capacity = 10) {
  const clock = { nowMs: 1_000_000 };
  const windows = new ThrottleWindows(capacity, () => clock.nowMs);
  const ask = (key = 'a') => windows.increment(key, MINUTE, limit, MINUTE);
  return { clock, ask };
}

describe('requests in windows of time', () => {
  it('go through up to the limit, then wait for a minute', () => {
    const { clock, ask } = throttle(3);
    for (const totalHits of [1, 2, 3]) expect(ask()).toMatchObject({ totalHits, isBlocked: false });
    expect(ask()).toMatchObject({ isBlocked: true, timeToBlockExpire: 60 });
    expect(ask('b')).toMatchObject({ totalHits: 1, isBlocked: false });
    clock.nowMs += MINUTE - 1;
    expect(ask()).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
    clock.nowMs += MINUTE + 1;
    expect(ask()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 60 });
  });

  it('of the minute before count as far as the last minute reaches into it', () => {
    const { clock, ask } = throttle(10);
    for (let i = 0; i < 9; i++) ask();
    clock.nowMs += 1.5 * MINUTE;
    expect(ask().totalHits).toBe(6);
  });

  it('that come evenly below the limit are never stopped, and ten times as many always are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), (limit) => {
        const calm = throttle(limit);
        for (let i = 0; i < 4 * limit; i++) {
          calm.clock.nowMs += Math.ceil((1.3 * MINUTE) / limit);
          expect(calm.ask().isBlocked).toBe(false);
        }
        const wild = throttle(limit);
        let stopped = 0;
        for (let i = 0; i < 20 * limit; i++) {
          wild.clock.nowMs += Math.floor(MINUTE / limit / 10);
          if (wild.ask().isBlocked) stopped += 1;
        }
        expect(stopped).toBeGreaterThan(10 * limit);
      }),
      { numRuns: 20 },
    );
  });

  it('are remembered of so many addresses, the longest known is forgotten', () => {
    const { ask } = throttle(1, 2);
    for (const key of ['a', 'b', 'c']) ask(key);
    expect(ask('c').isBlocked).toBe(true);
    expect(ask('a').isBlocked).toBe(false);
  });
});
