import { cosineDistance } from '@regulars/vision';
import { describe, expect, it } from 'vitest';
import type { JudgedView } from '../identity/views.js';
import { holdView, looksUnlike, settleDoubt } from './continuity.js';

/** Faces of a plane: the cosine distance of 10 degrees is .015, of 15 .034, of 18 .049, of 30 .134. */
function view(degrees: number, atMs = 0): JudgedView {
  const radians = (degrees * Math.PI) / 180;
  return { atMs, weight: 0.8, embedding: Float32Array.of(Math.cos(radians), Math.sin(radians)) };
}
const views = (...degrees: readonly number[]) => degrees.map((one, i) => view(one, i * 400));
const settle = (held: readonly number[], others: readonly (readonly number[])[] = [], byPlace = true) =>
  settleDoubt(
    views(-2, 0, 2),
    { held: views(...held), byPlace },
    others.map((one) => views(...one)),
    cosineDistance,
  );

describe('a doubt about a track', () => {
  it('is over with one view that is clearly the person, and never ends a track by one view', () => {
    expect(settle([8])).toBe('same');
    expect(settle([90])).toBe('open');
    expect(settle([30, 31])).toBe('another');
  });

  it('waits for more views where they say too little', () => {
    expect(settle([17])).toBe('open');
    expect(settle([17, 5])).toBe('same');
    expect(settle([17, 18])).toBe('open');
    expect(settle([17, 18, 19])).toBe('another');
  });

  it('is settled after four views, whatever they show', () => {
    for (const byPlace of [true, false])
      for (let degrees = 0; degrees < 60; degrees += 0.5)
        expect(settle([degrees, degrees, degrees, degrees], [], byPlace)).not.toBe('open');
  });

  it('asks for more where only the looks speak for it: faces turn', () => {
    expect(settle([22, 22], [], true)).toBe('another');
    expect(settle([22, 22, 22, 22], [], false)).toBe('same');
    expect(settle([40, 40, 40], [], false)).toBe('another');
  });

  it('looks at who stood beside: the nearer one it is', () => {
    expect(settle([16, 16])).toBe('open');
    expect(settle([16, 16], [[20]])).toBe('another');
    expect(settle([8], [[60]])).toBe('same');
    // As near to both: more is needed.
    expect(settle([10], [[20]])).toBe('open');
  });

  it('leaves out views that do not look like the newest: faces that were half hidden', () => {
    const hold = (held: readonly JudgedView[], degrees: number) =>
      holdView(held, view(degrees), cosineDistance);
    expect(hold(hold([], 30), 31)).toHaveLength(2);
    expect(hold(hold([], 60), 5)).toEqual([view(5)]);
  });

  it('begins with a view that is unlike the others, not with the first view of all', () => {
    expect(looksUnlike(views(0, 2), view(10), cosineDistance)).toBe(false);
    expect(looksUnlike(views(0, 2), view(25), cosineDistance)).toBe(true);
    expect(looksUnlike([], view(25), cosineDistance)).toBe(false);
  });
});
