import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

describe('rate limit', () => {
  it('lets an address go on until it reached the limit of the window', () => {
    const limit = new RateLimit(2, 60_000, 10);
    limit.count('a', 0);
    expect(limit.waitS('a', 10_000)).toBeNull();
    limit.count('a', 10_000);
    expect(limit.waitS('a', 10_000)).toBe(50);
    expect(limit.waitS('b', 10_000)).toBeNull();
    expect(limit.waitS('a', 59_999)).toBe(1);
    expect(limit.waitS('a', 60_000)).toBeNull();
  });

  it('forgets the longest known address when there are too many', () => {
    const limit = new RateLimit(1, 60_000, 2);
    for (const address of ['a', 'b', 'c']) limit.count(address, 0);
    expect(['a', 'b', 'c'].map((address) => limit.waitS(address, 0) !== null)).toEqual([false, true, true]);
  });

  it('never makes anybody wait longer than a window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 50 }), (gaps) => {
        const limit = new RateLimit(3, 60_000, 5);
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          limit.count('a', nowMs);
          const waitS = limit.waitS('a', nowMs);
          if (waitS !== null) expect(limit.waitS('a', nowMs + waitS * 1000)).toBeNull();
        }
      }),
    );
  });
});
