import { describe, expect, it } from 'vitest';
import { joinFigures, judgeTracking, type JudgedFrame, type TrackedBox } from './clear-mot.js';

const box = (track: string, x: number): TrackedBox => ({ track, boxPx: { x, y: 0, width: 10, height: 10 } });
const frame = (truth: TrackedBox[], said: TrackedBox[], ignored: TrackedBox[] = []): JudgedFrame => ({
  truth,
  said,
  ignored,
});

describe('judging tracks', () => {
  it('finds no fault with what is right', () => {
    const frames = [0, 1, 2].map((i) =>
      frame([box('a', i), box('b', 100 - i)], [box('2', 100 - i), box('1', i)]),
    );
    expect(judgeTracking(frames)).toMatchObject({
      mota: 1,
      motp: 1,
      idf1: 1,
      switches: 0,
      fragments: 0,
      tracks: 2,
    });
  });

  it('counts what is missed and what is not there', () => {
    const figures = judgeTracking([frame([box('a', 0), box('b', 50)], [box('1', 0), box('2', 200)])]);
    // Of two boxes one is missed, and one is false.
    expect(figures).toMatchObject({ boxes: 2, missed: 1, falseBoxes: 1, mota: 0, idf1: 0.5 });
  });

  it('counts a track that changes hands twice as two switches', () => {
    const swapped = [
      frame([box('a', 0), box('b', 50)], [box('1', 0), box('2', 50)]),
      frame([box('a', 0), box('b', 50)], [box('2', 0), box('1', 50)]),
    ];
    const figures = judgeTracking(swapped);
    expect(figures).toMatchObject({ switches: 2, missed: 0, fragments: 0 });
    expect(figures.mota).toBeCloseTo(1 - 2 / 4);
    expect(figures.idf1).toBeCloseTo(0.5);
  });

  it('counts a gap as a fragment, and as a switch when another track follows', () => {
    const same = [
      frame([box('a', 0)], [box('1', 0)]),
      frame([box('a', 0)], []),
      frame([box('a', 0)], [box('1', 0)]),
    ];
    expect(judgeTracking(same)).toMatchObject({ fragments: 1, switches: 0, missed: 1 });
    const other = [...same.slice(0, 2), frame([box('a', 0)], [box('2', 0)])];
    expect(judgeTracking(other)).toMatchObject({ fragments: 1, switches: 1 });
  });

  it('keeps a pair while it overlaps enough, though another box lies nearer', () => {
    const frames = [frame([box('a', 0)], [box('1', 0)]), frame([box('a', 0)], [box('1', 3), box('2', 0)])];
    expect(judgeTracking(frames)).toMatchObject({ switches: 0, falseBoxes: 1 });
  });

  it('asks nothing of faces that are hidden', () => {
    expect(judgeTracking([frame([], [box('1', 0)], [box('a', 0)])])).toMatchObject({
      falseBoxes: 0,
      boxes: 0,
    });
    expect(judgeTracking([frame([], [], [box('a', 0)])])).toMatchObject({ missed: 0 });
  });

  it('takes boxes that share less than half of what they cover for different ones', () => {
    expect(judgeTracking([frame([box('a', 0)], [box('1', 4)])])).toMatchObject({ missed: 1, falseBoxes: 1 });
    expect(judgeTracking([frame([box('a', 0)], [box('1', 3)])])).toMatchObject({ missed: 0, falseBoxes: 0 });
  });

  it('adds cameras up', () => {
    const right = judgeTracking([frame([box('a', 0)], [box('1', 0)])]);
    const wrong = judgeTracking([frame([box('a', 0)], [])]);
    expect(joinFigures([right, wrong])).toMatchObject({ boxes: 2, missed: 1, mota: 0.5, motp: 1, tracks: 2 });
    expect(joinFigures([right, wrong]).idf1).toBeCloseTo(2 / 3);
  });
});
