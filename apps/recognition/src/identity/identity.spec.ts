import type { Identity } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimOf,
  decideIdentity,
  settleRivalry,
  type Claim,
  type IdentityRule,
  type Vote,
} from './identity.js';

const RULE: IdentityRule = {
  threshold: 0.06,
  certain: 0.04,
  margin: 0.01,
  votes: 2,
  spanMs: 300,
  share: 0.34,
  strangerAfter: 5,
};
const NONE = new Set<string>();
const UNDECIDED: Identity = { kind: 'undecided' };
const model = 'test-recogniser';

const vote = (atMs: number, customerId: string, distance: number, next = 0.15): Vote => ({
  atMs,
  weight: 1,
  best: { customerId, distance },
  runnerUp: { customerId: 'cus_somebodyelse000000', distance: next },
});
const claim = (customerId: string, distance = 0.05, votes = 2, isStrong = false): Claim => ({
  customerId,
  distance,
  margin: 0.1,
  votes,
  isStrong,
});

describe('claimOf', () => {
  it('names whom two views at different times agree on, with mean distance and margin', () => {
    const found = claimOf([vote(0, 'ada', 0.05), vote(400, 'ada', 0.058, 0.118)], NONE, RULE);
    expect(found).toMatchObject({ customerId: 'ada', votes: 2, isStrong: false });
    expect(found?.distance).toBeCloseTo(0.054);
    expect(found?.margin).toBeCloseTo(0.08);
  });

  it('is none for one view, nor for two of one instant', () => {
    expect(claimOf([vote(0, 'ada', 0.05)], NONE, RULE)).toBeNull();
    expect(claimOf([vote(0, 'ada', 0.05), vote(100, 'ada', 0.05)], NONE, RULE)).toBeNull();
  });

  it('needs one view only where that is certain', () => {
    expect(claimOf([vote(0, 'ada', 0.03)], NONE, RULE)).toMatchObject({ votes: 1, isStrong: true });
  });

  it('is none beyond the threshold or with a runner-up as near', () => {
    expect(claimOf([vote(0, 'ada', 0.061), vote(400, 'ada', 0.061)], NONE, RULE)).toBeNull();
    expect(claimOf([vote(0, 'ada', 0.05, 0.055), vote(400, 'ada', 0.05, 0.055)], NONE, RULE)).toBeNull();
  });

  it('is none in a tie, nor when somebody else has more than half as many votes', () => {
    const tie = [
      vote(0, 'ada', 0.05),
      vote(400, 'ada', 0.05),
      vote(800, 'bob', 0.05),
      vote(1200, 'bob', 0.05),
    ];
    expect(claimOf(tie, NONE, RULE)).toBeNull();
    expect(claimOf([...tie, vote(1600, 'ada', 0.05)], NONE, RULE)).toBeNull();
    expect(claimOf([...tie, vote(1600, 'ada', 0.05), vote(2000, 'ada', 0.05)], NONE, RULE)).not.toBeNull();
  });

  it('is none when most views are of nobody', () => {
    const nobody = [2, 3, 4, 5, 6].map((i) => vote(i * 400, 'ada', 0.09));
    expect(claimOf([vote(0, 'ada', 0.05), vote(400, 'ada', 0.05), ...nobody], NONE, RULE)).toBeNull();
  });

  it('never names who is excluded', () => {
    expect(claimOf([vote(0, 'ada', 0.01), vote(400, 'ada', 0.01)], new Set(['ada']), RULE)).toBeNull();
  });

  it('does not depend on the order of the views', () => {
    const votes = fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 3_000 }),
        customerId: fc.constantFrom('ada', 'bob', 'eve'),
        distance: fc.integer({ min: 20, max: 90 }).map((d) => d / 1_000),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(votes, (drawn) => {
        const cast = drawn.map(({ atMs, customerId, distance }) => vote(atMs, customerId, distance));
        const [one, other] = [claimOf(cast, NONE, RULE), claimOf([...cast].reverse(), NONE, RULE)];
        expect(other?.customerId).toBe(one?.customerId);
        expect(other?.votes).toBe(one?.votes);
      }),
    );
  });
});

describe('decideIdentity', () => {
  const decide = (current: Identity, found: Claim | null, views: number, isLast = false) =>
    decideIdentity(current, found, views, RULE, { model, isLast });

  it('identifies by a claim', () => {
    expect(decide(UNDECIDED, claim('ada'), 2)).toEqual({
      kind: 'identified',
      customerId: 'ada',
      distance: 0.05,
      margin: 0.1,
      votes: 2,
      model,
    });
  });

  it('is a stranger after five views without a claim, not before', () => {
    expect(decide(UNDECIDED, null, 4)).toEqual(UNDECIDED);
    expect(decide(UNDECIDED, null, 5)).toEqual({ kind: 'stranger', votes: 5, model });
  });

  it('is a stranger once gone when one view was judged, and stays undecided when none was', () => {
    expect(decide(UNDECIDED, null, 1, true)).toMatchObject({ kind: 'stranger', votes: 1 });
    expect(decide(UNDECIDED, null, 0, true)).toEqual(UNDECIDED);
  });

  it('turns a stranger into somebody by a strong claim only', () => {
    const stranger: Identity = { kind: 'stranger', votes: 5, model };
    expect(decide(stranger, claim('ada'), 6)).toEqual(stranger);
    expect(decide(stranger, claim('ada', 0.05, 3, true), 6)).toMatchObject({ kind: 'identified' });
  });

  it('never makes somebody of somebody else, whatever comes', () => {
    const claims = fc.array(
      fc.option(fc.record({ who: fc.constantFrom('ada', 'bob'), strong: fc.boolean() }), { nil: null }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(claims, (steps) => {
        let identity: Identity = UNDECIDED;
        const named: string[] = [];
        let changes = 0;
        steps.forEach((step, i) => {
          const next = decide(identity, step && claim(step.who, 0.05, 3, step.strong), i + 1);
          if (next.kind !== identity.kind) changes += 1;
          if (next.kind === 'identified') named.push(next.customerId);
          identity = next;
        });
        expect(new Set(named).size).toBeLessThanOrEqual(1);
        expect(changes).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('settleRivalry', () => {
  const apart = () => true;

  it('gives a customer whom two claim to the one with more votes, then to the nearer', () => {
    const contenders = [
      { key: 'a', identity: UNDECIDED, claim: claim('ada', 0.05, 2) },
      { key: 'b', identity: UNDECIDED, claim: claim('ada', 0.05, 3) },
      { key: 'c', identity: UNDECIDED, claim: claim('ada', 0.02, 2) },
    ];
    expect([...settleRivalry(contenders, apart)]).toEqual([
      ['c', 'ada'],
      ['a', 'ada'],
    ]);
  });

  it('leaves a customer with who was named already', () => {
    const named: Identity = {
      kind: 'identified',
      customerId: 'ada',
      distance: 0.05,
      margin: null,
      votes: 2,
      model,
    };
    const contenders = [
      { key: 'a', identity: UNDECIDED, claim: claim('ada', 0.01, 8, true) },
      { key: 'b', identity: named, claim: null },
    ];
    expect([...settleRivalry(contenders, apart)]).toEqual([['a', 'ada']]);
  });

  it('lets two be one person who were never seen together', () => {
    const contenders = ['a', 'b'].map((key) => ({ key, identity: UNDECIDED, claim: claim('ada') }));
    expect(settleRivalry(contenders, () => false).size).toBe(0);
  });

  it('never leaves two of one frame with one customer', () => {
    const contender = fc.record({
      who: fc.constantFrom('ada', 'bob'),
      votes: fc.integer({ min: 1, max: 8 }),
      distance: fc.integer({ min: 10, max: 60 }).map((d) => d / 1_000),
    });
    fc.assert(
      fc.property(fc.array(contender, { maxLength: 6 }), (drawn) => {
        const contenders = drawn.map(({ who, votes, distance }, i) => ({
          key: `k${i}`,
          identity: UNDECIDED,
          claim: claim(who, distance, votes),
        }));
        const losers = settleRivalry(contenders, apart);
        const kept = contenders.filter(({ key }) => !losers.has(key)).map((one) => one.claim.customerId);
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept.length).toBe(new Set(drawn.map(({ who }) => who)).size);
      }),
    );
  });
});
