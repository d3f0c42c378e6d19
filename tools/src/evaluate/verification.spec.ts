import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPairsFigures } from './all-pairs.js';
import { markdownTable, replaceSection } from './card-section.js';
import { parsePairs } from './pairs.js';
import {
  acceptRate,
  accuracyAt,
  bestThreshold,
  foldAccuracy,
  type ScoredPair,
} from './verification-figures.js';
import { ROOT } from '../root.js';

const pair = (distance: number | null, same: boolean, fold = 0): ScoredPair => ({ distance, same, fold });

describe('a list of pairs', () => {
  it('names pictures of one person and of two, fold by fold', () => {
    const text = '2\t1\nAnn\t1\t12\nAnn\t3\tBob\t4\nBob\t1\t2\nBob\t1\tCy\t1\n';
    const { folds, pairs } = parsePairs(text);
    expect(folds).toBe(2);
    expect(pairs[0]).toEqual({ one: 'Ann/Ann_0001.jpg', other: 'Ann/Ann_0012.jpg', same: true, fold: 0 });
    expect(pairs[1]).toEqual({ one: 'Ann/Ann_0003.jpg', other: 'Bob/Bob_0004.jpg', same: false, fold: 0 });
    expect(pairs.map(({ fold }) => fold)).toEqual([0, 0, 1, 1]);
  });

  it('has one fold when its first line has one number', () => {
    expect(parsePairs('1\nAnn\t1\t2\nAnn\t1\tBob\t1').folds).toBe(1);
  });

  it('is refused when lines are missing or have another form', () => {
    expect(() => parsePairs('1\t2\nAnn\t1\t2\n')).toThrow('expected 4 pairs');
    expect(() => parsePairs('1\t1\nAnn\t1\t2\nAnn\t1\n')).toThrow('line 3');
    expect(() => parsePairs('')).toThrow('line 1');
  });
});

describe('accuracy on pairs', () => {
  const pairs = [pair(0.1, true), pair(0.3, true), pair(0.2, false), pair(0.4, false)];

  it('counts pairs up to the threshold as one person', () => {
    expect(accuracyAt(pairs, 0.1)).toBe(0.75);
    expect(accuracyAt(pairs, 0.2)).toBe(0.5);
    expect(accuracyAt(pairs, 1)).toBe(0.5);
  });

  it('counts a face that was not found as an error, for one person and for two', () => {
    expect(accuracyAt([pair(null, true), pair(null, false), pair(0.1, true), pair(0.9, false)], 0.5)).toBe(
      0.5,
    );
  });

  it('is nowhere higher than at the best threshold', () => {
    const any = fc.record({
      distance: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
      same: fc.boolean(),
      fold: fc.constant(0),
    });
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1 }),
        fc.double({ min: -1, max: 2, noNaN: true }),
        (all, other) => {
          expect(accuracyAt(all, bestThreshold(all))).toBeGreaterThanOrEqual(accuracyAt(all, other));
        },
      ),
    );
  });

  it('parts two distances between which there is no other number', () => {
    const [smaller, larger] = [1 - Number.EPSILON / 2, 1];
    expect(
      accuracyAt(
        [pair(smaller, true), pair(larger, false)],
        bestThreshold([pair(smaller, true), pair(larger, false)]),
      ),
    ).toBe(1);
    const tiny = [pair(3.5e-323, true), pair(4e-323, false)];
    expect(accuracyAt(tiny, bestThreshold(tiny))).toBe(1);
  });

  it("judges a fold by the other folds' threshold", () => {
    const fold = (shift: number, number: number): ScoredPair[] => [
      pair(0.1 + shift, true, number),
      pair(0.2 + shift, false, number),
    ];
    expect(foldAccuracy([...fold(0, 0), ...fold(0.01, 1)], 2).mean).toBe(1);
    const { mean, standardError } = foldAccuracy([...fold(0, 0), ...fold(5, 1)], 2);
    expect(mean).toBe(0.5);
    expect(standardError).toBe(0);
  });
});

describe('the rate of accepted pairs', () => {
  const impostors = Array.from({ length: 100 }, (_, index) => pair(0.5 + index / 1000, false));

  it('lets at most the stated share of impostors through', () => {
    const genuine = [pair(0.1, true), pair(0.5005, true), pair(0.55, true), pair(null, true)];
    expect(acceptRate([...genuine, ...impostors], 0)).toBe(0.25);
    expect(acceptRate([...genuine, ...impostors], 0.01)).toBe(0.5);
    expect(acceptRate([...genuine, ...impostors], 1)).toBe(0.75);
  });
});

describe('all pairs of pictures', () => {
  it('are counted once each, and matched by how near they are', () => {
    const at = (person: string, angle: number) => ({
      person,
      embedding: Float32Array.of(Math.cos(angle), Math.sin(angle)),
    });
    const faces = [at('Ann', 0), at('Ann', 0.1), at('Bob', 1), at('Bob', 1.1), at('Cy', 1.15)];
    const plain = faces.map(() => 0);
    const { genuine, impostor, at: points } = allPairsFigures(faces, plain, [0.1, 0.2]);
    expect([genuine, impostor]).toEqual([2, 8]);
    const crowded = allPairsFigures(faces, [0, 0, 0.2, 0.2, 0.2], [0.1, 0.2]);
    expect(crowded.at[0]).toMatchObject({ fmr: 0.1, tar: 0.5 });
    expect(points[0]).toMatchObject({ fmr: 0.1, tar: 0 });
    expect(points[1]).toMatchObject({ fmr: 0.2, tar: 1 });
    expect(points[1]?.distance).toBeGreaterThan(1 - Math.cos(0.1));
  });
});

describe('a table', () => {
  it('has columns of one width', () => {
    expect(
      markdownTable([
        ['a', 'figure'],
        ['accuracy', 0.5],
      ]),
    ).toBe('| a        | figure |\n| -------- | ------ |\n| accuracy | 0.5    |');
  });
});

describe("a model card's section", () => {
  it('is replaced between its markers, time and again', () => {
    const card = 'a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n';
    const once = replaceSection(card, 'x', 'new');
    expect(once).toBe('a\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nb\n');
    expect(replaceSection(once, 'x', 'new')).toBe(once);
    expect(() => replaceSection('no markers', 'x', 'new')).toThrow('no section');
  });

  it('exists in the card of the recogniser', () => {
    const card = readFileSync(join(ROOT, 'models', 'cards', 'dlib-resnet.md'), 'utf8');
    expect(replaceSection(card, 'verification', 'new')).toContain('\n\nnew\n\n');
  });
});
