import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlbumPicture, judgeAlbum, MOST_TEMPLATES, type Verdict } from './album.js';

/** Faces of a plane; 10 degrees are a cosine distance of .015, 7 degrees .0075. */
const at = (degrees: number): AlbumPicture => {
  const radians = (degrees * Math.PI) / 180;
  return { templateId: `tpl_${degrees}`, embedding: Float32Array.of(Math.cos(radians), Math.sin(radians)) };
};
const degreesBetween = (a: Float32Array, b: Float32Array) => {
  const cosine = (a[0] as number) * (b[0] as number) + (a[1] as number) * (b[1] as number);
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
};
const DIFFERENT_DEGREES = 30;
const judge = (album: readonly number[], bank: readonly number[] = []): readonly Verdict[] =>
  judgeAlbum(album.map(at), bank.map(at), degreesBetween, DIFFERENT_DEGREES);

/** What is enrolled after albums came one after the other. */
function bankAfter(albums: readonly (readonly number[])[], first: readonly number[]): number[] {
  const bank = [...first];
  for (const album of albums) {
    const verdicts = judge(album, bank);
    album.forEach((degrees, i) => {
      if (verdicts[i] === 'kept' && !bank.includes(degrees)) bank.push(degrees);
    });
  }
  return bank;
}

describe('an album', () => {
  it('of a hundred near-copies gives one template', () => {
    const copies = Array.from({ length: 100 }, (_, i) => i / 50);
    const verdicts = judge(copies);
    expect(verdicts.filter((verdict) => verdict === 'kept')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'repeated')).toHaveLength(99);
  });

  it('of different views gives a template each; the same again changes nothing', () => {
    expect(judge([0, 10, 20])).toEqual(['kept', 'kept', 'kept']);
    expect(judge([0, 10, 20], [0, 10, 20])).toEqual(['kept', 'kept', 'kept']);
    expect(judge([1], [0])).toEqual(['repeated']);
  });

  it('of two people is refused, whoever has more pictures once somebody is enrolled', () => {
    expect(judge([0, 90])).toEqual(['differs', 'differs']);
    expect(judge([90, 100, 110, 10], [0])).toEqual(['differs', 'differs', 'differs', 'kept']);
  });

  it('fills a bank up to its bound', () => {
    const bank = Array.from({ length: MOST_TEMPLATES }, (_, i) => i * 0.001);
    expect(judge([12], bank)).toEqual(['full']);
  });

  it('cannot lead a bank away from its person, step by step', () => {
    const steps = Array.from({ length: 40 }, (_, i) => [i * 8]);
    const bank = bankAfter(steps, [-8, 0, 8]);
    expect(Math.max(...bank)).toBeLessThan(90);
    expect(judge([180], bank)).toEqual(['differs']);
  });

  it('of others, whatever they send, leaves what the person is known by where most of it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -180, max: 180 }), { maxLength: 6 }), { maxLength: 8 }),
        (albums) => {
          const bank = bankAfter(albums, [0, 9, -9, 18, -18]);
          // Nothing comes in that the person's own pictures do not vouch for.
          for (const degrees of bank) expect(Math.abs(degrees)).toBeLessThan(75);
        },
      ),
    );
  });
});
