import type { LivePayload } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  customer,
  customerId,
  liveEvent,
  NOON,
  visitEnded,
  visitId,
  visitMerged,
  visitStarted,
  visitView,
} from '../testing/a.js';
import { INITIAL_LIVE_STATE, type LiveAction, liveReducer } from './live-state.js';
import { presenceOf } from './presence.js';
import { DETAIL_LINES_KEPT, MAIN_LINES_KEPT } from './stream.js';

/** What a shop does, one step after the other. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), regular: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), which: fc.nat() }) },
  /** The page hears the last events again. */
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), count: fc.nat(8) }) },
  /** The page misses the events up to here, is told so, and loads the list. */
  { weight: 1, arbitrary: fc.constant({ do: 'reset' as const }) },
  /** The gateway begins a new epoch. */
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  /** The page asks for the list of open visits; the answer comes after some more events. */
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), delay: fc.nat(4) }) },
);

/** The truth beside the page's state, and what is still under way to the page. */
class Shop {
  state = INITIAL_LIVE_STATE;
  readonly open = new Map<number, boolean>();
  readonly #sent: LiveAction[] = [];
  #underWay: { action: LiveAction; delay: number }[] = [];
  #next = 1;
  #sequence = 0;
  #epoch = 1;

  run(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): void {
    for (const each of steps) {
      this.#do(each);
      this.#deliver();
    }
    while (this.#underWay.length > 0) this.#deliver();
  }

  #do(each: typeof step extends fc.Arbitrary<infer Step> ? Step : never): void {
    const numbers = [...this.open.keys()];
    switch (each.do) {
      case 'start':
        this.open.set(this.#next, each.regular);
        this.#tell(visitStarted(this.#next, each.regular ? customer(this.#next) : undefined));
        this.#next += 1;
        return;
      case 'end': {
        const ended = numbers[each.which % Math.max(1, numbers.length)];
        if (ended === undefined) return;
        this.open.delete(ended);
        this.#tell(visitEnded(ended));
        return;
      }
      case 'merge': {
        const [survivor, absorbed] = [numbers[0], numbers[1]];
        if (survivor === undefined || absorbed === undefined) return;
        this.open.delete(absorbed);
        this.#tell(visitMerged(survivor, absorbed));
        return;
      }
      case 'replay':
        for (const action of this.#sent.slice(this.#sent.length - each.count)) this.#take(action);
        return;
      case 'reset':
        this.#sequence += 3;
        this.#take({
          kind: 'reset',
          at: NOON,
          position: { epoch: `epoch-${this.#epoch}`, sequence: this.#sequence },
        });
        this.#list(0);
        return;
      case 'restart':
        this.#epoch += 1;
        this.#sequence = 0;
        this.#sent.length = 0;
        return;
      case 'list':
        this.#list(each.delay);
        return;
    }
  }

  #tell(payload: LivePayload): void {
    this.#sequence += 1;
    const event = liveEvent(payload, this.#sequence, `epoch-${this.#epoch}`);
    this.#sent.push({ kind: 'event', event });
    this.#take({ kind: 'event', event });
  }

  #list(delay: number): void {
    const views = [...this.open].map(([number, isRegular]) =>
      visitView(
        number,
        isRegular ? { visitor: { kind: 'customer', customerId: customerId(number) }, displayName: 'x' } : {},
      ),
    );
    this.#underWay.push({ action: { kind: 'visits', views, asOf: this.state.tick }, delay });
    this.#underWay.push({ action: { kind: 'history', views }, delay });
  }

  #deliver(): void {
    for (const { action } of this.#underWay.filter(({ delay }) => delay <= 0)) this.#take(action);
    this.#underWay = this.#underWay
      .filter(({ delay }) => delay > 0)
      .map(({ action, delay }) => ({ action, delay: delay - 1 }));
  }

  #take(action: LiveAction): void {
    this.state = liveReducer(this.state, action);
  }
}

describe('whatever a shop does and however often the page hears it', () => {
  it('the page counts exactly the visits that are open', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shop = new Shop();
        shop.run(steps);
        const regulars = [...shop.open].filter(([, isRegular]) => isRegular);
        const presence = presenceOf(shop.state.visits);
        expect(Object.keys(shop.state.visits).sort()).toEqual([...shop.open.keys()].map(visitId).sort());
        expect(presence.regulars).toHaveLength(regulars.length);
        expect(presence.guests).toBe(shop.open.size - regulars.length);
      }),
      { numRuns: 300 },
    );
  });

  it('the stream stays bounded and names no line twice', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
        const shop = new Shop();
        shop.run(steps);
        const ids = shop.state.stream.map((entry) => entry.id);
        expect(ids.length).toBeLessThanOrEqual(MAIN_LINES_KEPT + DETAIL_LINES_KEPT);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 50 },
    );
  });
});
