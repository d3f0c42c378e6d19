import { QUEUES, type Outcome } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';
import { BROADCAST_RETRY_DELAYS_MS, stepAfter } from './handling.js';
import { Roster, SILENT_MS } from './roster.js';

const work = QUEUES['analytics.events'];
const retry: Outcome = { kind: 'retry', reason: 'store away' };
const dead: Outcome = { kind: 'dead', reason: 'no such customer' };

describe('stepAfter', () => {
  it.each(Object.values(QUEUES))('is done when the handler is, in a queue of kind $kind', (queue) => {
    expect(stepAfter({ kind: 'done' }, queue, 1)).toEqual({ kind: 'done' });
  });

  it('waits longer before each further attempt at an event that counts, then gives up', () => {
    const steps = [1, 2, 3, 4, 5, 6].map((attempt) => stepAfter(retry, work, attempt));
    expect(steps.map((step) => (step.kind === 'retry' ? step.delayMs : step.kind))).toEqual([
      1_000,
      5_000,
      30_000,
      120_000,
      600_000,
      'dead',
    ]);
    expect(steps[5]).toEqual({ kind: 'dead', reason: 'ATTEMPTS_EXHAUSTED after 6: store away' });
  });

  it("tries a broadcast again a few times, then drops it: it was one replica's copy", () => {
    const last = BROADCAST_RETRY_DELAYS_MS.length + 1;
    expect(stepAfter(retry, QUEUES['gateway.events'], 1)).toMatchObject({ kind: 'retry', delayMs: 100 });
    expect(stepAfter(retry, QUEUES['gateway.events'], last).kind).toBe('dropped');
    expect(stepAfter(dead, QUEUES['gateway.events'], 1).kind).toBe('dropped');
  });

  it('never tries a frame again', () => {
    for (const outcome of [retry, dead]) {
      expect(stepAfter(outcome, QUEUES['recognition.frames'], 1).kind).toBe('dropped');
      expect(stepAfter(outcome, QUEUES['expression.faces'], 1).kind).toBe('dropped');
    }
  });

  it('keeps reasons short', () => {
    const step = stepAfter({ kind: 'dead', reason: 'x'.repeat(10_000) }, work, 1);
    expect(step.kind === 'dead' && step.reason.length).toBe(500);
  });
});

describe('backoffMs', () => {
  const backoff = { firstMs: 100, longestMs: 5_000 };

  it('lies between half and the whole of a doubling span, never above the longest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const full = Math.min(5_000, 100 * 2 ** Math.min(failures - 1, 30));
          const waitMs = backoffMs(backoff, failures, random);
          expect(waitMs).toBeGreaterThanOrEqual(full / 2);
          expect(waitMs).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

describe('Roster', () => {
  it('knows who gave a sign of life in the last three seconds', () => {
    const roster = new Roster();
    expect(roster.heard('a', 0)).toBe(true);
    expect(roster.heard('b', 1_000)).toBe(true);
    expect(roster.heard('a', 1_000)).toBe(false);
    roster.heard('a', 2_500);
    expect(roster.alive(1_000 + SILENT_MS - 1)).toEqual(['a', 'b']);
    expect(roster.alive(1_000 + SILENT_MS)).toEqual(['a']);
    expect(roster.heard('b', 5_000)).toBe(true);
  });

  it('forgets at once who said goodbye', () => {
    const roster = new Roster();
    roster.heard('a', 0);
    roster.gone('a');
    expect(roster.alive(1)).toEqual([]);
  });
});
