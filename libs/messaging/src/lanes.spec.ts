import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanesFor, ownersOfLanes } from './lanes.js';

const workers = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,12}$/), { minLength: 1, maxLength: 12 });
const lanes = fc.integer({ min: 1, max: 64 });

describe('lanesFor', () => {
  it('gives every lane to exactly one of the workers', () => {
    fc.assert(
      fc.property(workers, lanes, (names, count) => {
        const held = names.flatMap((name) => lanesFor(name, names, count)).toSorted((a, b) => a - b);
        expect(held).toEqual(Array.from({ length: count }, (_, lane) => lane));
      }),
    );
  });

  it('gives every worker a fair share, to one lane', () => {
    fc.assert(
      fc.property(workers, lanes, (names, count) => {
        const shares = names.map((name) => lanesFor(name, names, count).length);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not depend on the order in which the workers are known, nor on one being known twice', () => {
    fc.assert(
      fc.property(workers, lanes, (names, count) => {
        const owners = ownersOfLanes(names, count);
        expect(ownersOfLanes([...names].reverse(), count)).toEqual(owners);
        expect(ownersOfLanes([...names, ...names], count)).toEqual(owners);
      }),
    );
  });

  it('gives a lone worker all lanes, and nobody any when there is no worker', () => {
    expect(lanesFor('a', ['a'], 4)).toEqual([0, 1, 2, 3]);
    expect(lanesFor('a', [], 4)).toEqual([]);
    expect(lanesFor('b', ['a'], 4)).toEqual([]);
  });

  it('moves few lanes when a worker joins or leaves', () => {
    let moved = 0;
    let least = 0;
    for (let run = 0; run < 400; run++) {
      const names = Array.from({ length: 1 + (run % 7) }, (_, index) => `worker-${run}-${index}`);
      const before = ownersOfLanes(names, 16);
      const after = ownersOfLanes([...names, `joins-${run}`], 16);
      const changed = before.filter((owner, lane) => owner !== after[lane]).length;
      moved += changed;
      least += after.filter((owner) => owner === `joins-${run}`).length;
      expect(changed).toBeLessThanOrEqual(10);
    }
    // Each lane that the newcomer gets has to move; the bound on the load moves a few more.
    expect(moved / least).toBeLessThan(1.5);
  });
});
