import type { SatisfactionClass } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dissatisfiedSince,
  LONGEST_GAP_MS,
  VIEWS_KEPT,
  viewOf,
  withView,
  type TillView,
} from './dissatisfaction.js';

const at = (second: number) =>
  new Date(Date.parse('2026-03-01T09:00:00.000Z') + second * 1_000).toISOString();
const CLASSES: Record<string, SatisfactionClass> = { s: 'satisfied', n: 'neutral', d: 'dissatisfied' };
/** One view a second, a letter each; `-` is a second of which nothing could be said. */
const views = (letters: string): TillView[] =>
  [...letters].flatMap((letter, i) => {
    const name = CLASSES[letter];
    return name ? [{ at: at(i), class: name }] : [];
  });
const since = (letters: string, seconds = 5) => dissatisfiedSince(views(letters), { forMs: seconds * 1_000 });

describe('dissatisfiedSince', () => {
  it('says since when, once it has lasted', () => {
    expect(since('nndddddd')).toBe(at(2));
    expect(since('nnddddd')).toBeNull();
  });

  it('lets one neutral moment in five pass, not more', () => {
    expect(since('ddnddd')).toBe(at(0));
    expect(since('dnndnd')).toBeNull();
  });

  it('begins anew with a satisfied look, and is over with one that is not dissatisfied', () => {
    expect(since('ddddddsddd')).toBeNull();
    expect(since('dddddddn')).toBeNull();
  });

  it('bears seconds of which nothing can be said, up to a gap in which anything may have happened', () => {
    expect(since('dd--d-d')).toBe(at(0));
    expect(since('dddddd------d')).toBeNull();
    expect(LONGEST_GAP_MS).toBe(5_000);
  });

  it('wants enough views, however far apart', () => {
    expect(since('d----d')).toBeNull();
  });

  it('is never said of less time than the rule asks for, nor of somebody who does not look dissatisfied now', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('s', 'n', 'd', '-'), { maxLength: 60 }),
        fc.integer({ min: 2, max: 30 }),
        (letters, seconds) => {
          const seen = views(letters.join(''));
          const found = dissatisfiedSince(seen, { forMs: seconds * 1_000 });
          if (found === null) return;
          const newest = seen.at(-1);
          expect(newest?.class).toBe('dissatisfied');
          expect(Date.parse(newest?.at ?? '') - Date.parse(found)).toBeGreaterThanOrEqual(seconds * 1_000);
          const between = seen.filter((view) => view.at >= found);
          expect(between.map((view) => view.class)).not.toContain('satisfied');
        },
      ),
    );
  });
});

describe('the views of a person', () => {
  it('are kept in order of time, each instant once, and not without bound', () => {
    let kept: readonly TillView[] = [];
    for (const second of [3, 1, 2, 2]) kept = withView(kept, { at: at(second), class: 'neutral' });
    expect(kept.map((view) => view.at)).toEqual([at(1), at(2), at(3)]);
    for (let second = 0; second < 300; second += 1)
      kept = withView(kept, { at: at(second), class: 'neutral' });
    expect(kept).toHaveLength(VIEWS_KEPT);
    expect(kept.at(-1)?.at).toBe(at(299));
  });

  it('say nothing where the expression was not scored', () => {
    expect(viewOf(at(1), { kind: 'abstained', reason: 'blurred' })).toBeNull();
  });
});
