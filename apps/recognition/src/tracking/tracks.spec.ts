import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceTracks,
  doubtfulDetections,
  mayBeAnother,
  mayGoOn,
  partTrack,
  predictBox,
  trackKey,
  trackRuleFor,
  type Detection,
  type Track,
  type TrackStep,
  type Unlikeness,
} from './tracks.js';

const FRAME_MS = 200;
const face = (x: number, y = 200, width = 60, score = 0.9): Detection => ({
  boxPx: { x, y, width, height: width },
  score,
});

/** Runs frames of detections, 200 ms apart. */
function follow(frames: readonly (readonly Detection[])[], unlikeness?: Unlikeness): TrackStep[] {
  let tracks: readonly Track[] = [];
  return frames.map((detections, i) => {
    const step = advanceTracks(tracks, detections, i * FRAME_MS, unlikeness);
    tracks = step.tracks;
    return step;
  });
}

const keysSeen = (steps: readonly TrackStep[]) =>
  steps.map(({ seen }) =>
    [...seen].sort((a, b) => a.detection - b.detection).map(({ track }) => trackKey(track)),
  );

describe('advanceTracks', () => {
  it('starts a track with the second frame in which the face is found, from the first', () => {
    const steps = follow([[face(100)], [face(110)], [face(120)]]);
    expect(steps.map((step) => step.started.length)).toEqual([0, 1, 0]);
    expect(steps[1]?.started[0]).toMatchObject({ bornAtMs: 0, seenAtMs: 200, hits: 2 });
    expect(keysSeen(steps)).toEqual([[], ['0:0'], ['0:0']]);
  });

  it('never starts a track for what is found once', () => {
    const steps = follow([[face(100)], [], [], [], [], [], [], [], [], []]);
    expect(steps.flatMap((step) => [...step.started, ...step.ended])).toEqual([]);
    expect(steps.at(-1)?.tracks).toEqual([]);
  });

  it('begins no track with a weakly found face, but continues one by it', () => {
    const weak = (x: number) => face(x, 200, 60, 0.5);
    expect(follow([[weak(100)], [weak(100)], [weak(100)]]).at(-1)?.tracks).toEqual([]);
    const steps = follow([[face(100)], [face(110)], [weak(120)]]);
    expect(steps.at(-1)?.seen[0]?.track.hits).toBe(3);
  });

  it('follows a walk that no two frames of overlap', () => {
    const steps = follow(Array.from({ length: 10 }, (_, i) => [face(50 + i * 100)]));
    expect(new Set(keysSeen(steps).flat())).toEqual(new Set(['0:0']));
    expect(steps.at(-1)?.tracks).toHaveLength(1);
  });

  it('keeps two who walk past each other apart by their motion', () => {
    const steps = follow(
      Array.from({ length: 12 }, (_, i) => [face(100 + i * 45, 200), face(700 - i * 45, 215)]),
    );
    for (const keys of keysSeen(steps).slice(1)) expect(keys).toEqual(['0:0', '0:1']);
  });

  it('lets appearance decide where two turn back as they meet', () => {
    // They come together, and each goes back the way they came: motion alone would swap them.
    const left = [0, 1, 2, 3, 4, 4, 3, 2, 1, 0].map((step) => 300 + step * 45);
    const frames = left.map((x) => [face(x, 200), face(1000 - x - 60, 200)]);
    const unlikeness: Unlikeness = (track, detection) => (track.ordinal === detection ? 0.04 : 0.3);
    for (const keys of keysSeen(follow(frames, unlikeness)).slice(1)) expect(keys).toEqual(['0:0', '0:1']);
  });

  it('gives nobody a face that is unlike, only to leave another face to somebody else', () => {
    // The second person is hidden, and comes back where the face cannot be compared; the first one stands still.
    const frames = [[face(400), face(500)], [face(400), face(500)], [face(400)], [face(400), face(520)]];
    const unlikeness: Unlikeness = (track, detection) => {
      const isHidden = track.ordinal === 1 && track.hits === 2;
      if (isHidden) return detection === 0 ? 0.085 : Infinity;
      return track.hits < 2 || detection === 0 ? 0.03 : null;
    };
    const last = follow(frames, unlikeness).at(-1);
    expect(last?.seen.map(({ track, detection }) => [trackKey(track), detection])).toEqual([['0:0', 0]]);
  });

  it('takes somebody who comes in where another has just gone out for somebody new, when they look unlike', () => {
    const frames = [[face(100)], [face(60)], [face(20)], [], [face(20)], [face(60)], [face(100)]];
    const unlike = follow(frames, (track) => (track.bornAtMs === 0 && track.hits >= 3 ? 0.1 : null));
    expect(unlike.flatMap((step) => step.started).map(trackKey)).toEqual(['0:0', '800:0']);
    const alike = follow(frames, () => 0.03);
    expect(alike.flatMap((step) => step.started).map(trackKey)).toEqual(['0:0']);
  });

  it('ends a track 1.5 s after it was last seen, as of then', () => {
    const steps = follow([[face(100)], [face(100)], ...Array.from({ length: 9 }, () => [])]);
    expect(steps.findIndex((step) => step.ended.length > 0)).toBe(9);
    expect(steps[9]?.ended[0]).toMatchObject({ seenAtMs: 200 });
  });

  it('takes who comes back after that for somebody new', () => {
    const gap = Array.from({ length: 8 }, () => []);
    const steps = follow([[face(100)], [face(100)], ...gap, [face(100)], [face(100)]]);
    expect(steps.flatMap((step) => step.started).map(trackKey)).toEqual(['0:0', '2000:0']);
  });

  it('continues a track over a second in which the face was turned away', () => {
    const steps = follow([[face(100)], [face(120)], [], [], [], [], [face(200)]]);
    expect(steps.at(-1)?.seen.map(({ track }) => trackKey(track))).toEqual(['0:0']);
  });

  it('waits longer for a camera of one frame in two seconds', () => {
    const rule = trackRuleFor(2_000);
    const first = advanceTracks([], [face(100)], 0, undefined, rule);
    const second = advanceTracks(first.tracks, [face(110)], 2_000, undefined, rule);
    expect(second.started).toHaveLength(1);
    expect(advanceTracks(second.tracks, [], 6_000, undefined, rule).ended).toEqual([]);
  });
});

const detections = fc.array(
  fc
    .record({
      x: fc.integer({ min: 0, max: 1200 }),
      y: fc.integer({ min: 0, max: 600 }),
      width: fc.integer({ min: 20, max: 200 }),
      score: fc.double({ min: 0.3, max: 1, noNaN: true }),
    })
    .map(({ x, y, width, score }) => face(x, y, width, score)),
  { maxLength: 5 },
);
const films = fc.array(detections, { maxLength: 30 });

describe('tracks', () => {
  it('give each face of a frame to at most one track, and each track at most one face', () => {
    fc.assert(
      fc.property(films, (film) => {
        for (const { seen } of follow(film)) {
          expect(new Set(seen.map(({ detection }) => detection)).size).toBe(seen.length);
          expect(new Set(seen.map(({ track }) => trackKey(track))).size).toBe(seen.length);
        }
      }),
    );
  });

  it('start once, end once, and are seen only in between', () => {
    fc.assert(
      fc.property(films, (film) => {
        const steps = follow([...film, ...Array.from({ length: 10 }, () => [])]);
        const started = steps.flatMap((step) => step.started.map(trackKey));
        const ended = steps.flatMap((step) => step.ended.map(trackKey));
        expect(new Set(started).size).toBe(started.length);
        expect([...ended].sort()).toEqual([...started].sort());
        expect(steps.at(-1)?.tracks).toEqual([]);
      }),
    );
  });

  it('do not depend on the order in which a frame lists its faces', () => {
    fc.assert(
      fc.property(films, (film) => {
        const keys = (steps: readonly TrackStep[]) => steps.map((step) => step.started.map(trackKey).sort());
        const distinct = film.filter(
          (f) => new Set(f.map((d) => `${d.boxPx.x},${d.boxPx.y}`)).size === f.length,
        );
        expect(keys(follow(distinct.map((frame) => [...frame].reverse())))).toEqual(keys(follow(distinct)));
      }),
    );
  });
});

describe('predictBox', () => {
  it('goes on at the same speed, but not for ever', () => {
    const track = follow([[face(100)], [face(140)]])[1]?.tracks[0] as Track;
    expect(predictBox(track, 400).x).toBeCloseTo(180);
    expect(predictBox(track, 5_000).x).toBeCloseTo(140 + 0.2 * 600);
  });
});

describe('doubtfulDetections', () => {
  it('are those that two tracks could be, or that could be two tracks; one person alone is in no doubt', () => {
    const apart =
      follow([
        [face(100), face(900)],
        [face(100), face(900)],
      ])[1]?.tracks ?? [];
    expect(doubtfulDetections(apart, [face(110), face(890)], 400)).toEqual([]);
    const near =
      follow([
        [face(100), face(170)],
        [face(100), face(170)],
      ])[1]?.tracks ?? [];
    expect(doubtfulDetections(near, [face(120), face(150)], 400)).toEqual([0, 1]);
  });

  it('are those of somebody who was not seen for a while', () => {
    const tracks = follow([[face(100)], [face(100)]])[1]?.tracks ?? [];
    expect(doubtfulDetections(tracks, [face(100)], 1_200)).toEqual([0]);
    expect(doubtfulDetections(tracks, [face(100)], 600)).toEqual([0]);
    expect(doubtfulDetections(tracks, [face(100)], 400)).toEqual([]);
  });
});

describe('doubtful faces', () => {
  it('are those that nobody would have walked to', () => {
    const walk = follow([[face(100)], [face(140)], [face(180)]])[2]?.tracks ?? [];
    expect(doubtfulDetections(walk, [face(220)], 600)).toEqual([]);
    expect(doubtfulDetections(walk, [face(110)], 600)).toEqual([0]);
  });
});

describe('a track that is parted', () => {
  const parted = (ordinal: number, taken: readonly string[] = []) => {
    const track = { ...(follow([[face(100)], [face(100)]])[1]?.tracks[0] as Track), ordinal, hits: 9 };
    return partTrack(track, 1_000, 6, new Set(taken));
  };
  it('goes on from the instant with a number that no new face of that frame has', () => {
    expect(parted(0)).toMatchObject({ bornAtMs: 1_000, ordinal: 1_000, hits: 3, seenAtMs: 200 });
    expect(parted(1).ordinal).toBe(1_001);
    expect(parted(0, ['1000:1000']).ordinal).toBe(1_001);
  });
});

describe('a track that begins where another was lost', () => {
  const lost = follow([[face(100)], [face(140)]])[1]?.tracks[0] as Track;
  const born = (x: number, bornAtMs: number): Track => ({ ...lost, bornAtMs, boxPx: face(x).boxPx });
  it('may be the same person, unless it is too far, or began while that one was seen', () => {
    expect(mayGoOn(lost, born(220, 1_000))).toBe(true);
    expect(mayGoOn(lost, born(900, 1_000))).toBe(false);
    expect(mayGoOn(lost, born(140, 200))).toBe(false);
  });
});

describe('a face at the edge', () => {
  it('may be somebody else once nobody was seen there for a moment; elsewhere and before it is not', () => {
    const track = follow([[face(10)], [face(10)]])[1]?.tracks[0] as Track;
    const may = (x: number, atMs: number) => mayBeAnother(track, face(x).boxPx, 1_280, atMs);
    expect([may(10, 600), may(-20, 600), may(1_280 - 70, 600)]).toEqual([true, true, true]);
    expect([may(40, 600), may(10, 400)]).toEqual([false, false]);
  });
});
