import type { BoxPx } from '@regulars/contracts';
import { assign } from '@regulars/vision';
import { intersectionOverUnion } from './boxes.js';

/** A box of the ground truth or of a tracker, with the track it belongs to. */
export interface TrackedBox {
  readonly track: string;
  readonly boxPx: BoxPx;
}

/** One frame: what is there and what was said to be there. */
export interface JudgedFrame {
  readonly truth: readonly TrackedBox[];
  /** Of the truth, too hidden to ask for: finding them is neither right nor wrong. */
  readonly ignored: readonly TrackedBox[];
  readonly said: readonly TrackedBox[];
}

/** A true box and the box that was said for it. */
export interface Match {
  readonly truth: string;
  readonly said: string;
}

export interface TrackingFigures {
  /** 1 - (missed + false + switches) / boxes: CLEAR-MOT's accuracy (Bernardin and Stiefelhagen 2008). */
  readonly mota: number;
  /** Mean intersection over union of the matches. */
  readonly motp: number;
  /** F1 of the boxes whose tracks are paired one to one in the best way (Ristani et al. 2016). */
  readonly idf1: number;
  readonly boxes: number;
  readonly missed: number;
  readonly falseBoxes: number;
  /** A true track is matched by another track than the last time. */
  readonly switches: number;
  /** A true track is matched again after it was not, between its first and last match. */
  readonly fragments: number;
  readonly tracks: number;
  /** Matches of each frame, for whoever asks who was seen when. */
  readonly matches: readonly (readonly Match[])[];
}

/** MOTChallenge's: a box is found when the two share so much of what they cover together. */
export const LEAST_OVERLAP = 0.5;

/** Judges tracking in one camera's frames, in order. A true track keeps the track it was matched by as long as
 *  the two overlap enough; the others are paired so that most are matched, then with the most overlap. */
export function judgeTracking(frames: readonly JudgedFrame[]): TrackingFigures {
  const lastOf = new Map<string, string>();
  const isLost = new Set<string>();
  const together = new Map<string, Map<string, number>>();
  const count = { boxes: 0, found: 0, said: 0, switches: 0, fragments: 0, overlap: 0 };
  const matches: Match[][] = [];
  for (const frame of frames) {
    const pairs = matchFrame(frame, lastOf);
    const said = frame.said.filter((box) => !pairs.ignored.has(box));
    count.boxes += frame.truth.length;
    count.said += said.length;
    matches.push(pairs.found.map(({ truth, said: box }) => ({ truth: truth.track, said: box.track })));
    const found = new Set(pairs.found.map(({ truth }) => truth.track));
    for (const { truth, said: box, overlap } of pairs.found) {
      const before = lastOf.get(truth.track);
      count.found += 1;
      count.overlap += overlap;
      if (before !== undefined && before !== box.track) count.switches += 1;
      if (isLost.delete(truth.track)) count.fragments += 1;
      lastOf.set(truth.track, box.track);
    }
    for (const { track } of frame.truth) if (!found.has(track) && lastOf.has(track)) isLost.add(track);
    noteTogether(together, frame.truth, said);
  }
  const missed = count.boxes - count.found;
  const falseBoxes = count.said - count.found;
  const identityTruePositives = mostTogether(together);
  return {
    mota: count.boxes === 0 ? 0 : 1 - (missed + falseBoxes + count.switches) / count.boxes,
    motp: count.found === 0 ? 0 : count.overlap / count.found,
    idf1: count.boxes + count.said === 0 ? 0 : (2 * identityTruePositives) / (count.boxes + count.said),
    boxes: count.boxes,
    missed,
    falseBoxes,
    switches: count.switches,
    fragments: count.fragments,
    tracks: new Set(frames.flatMap(({ truth }) => truth.map(({ track }) => track))).size,
    matches,
  };
}

interface FrameMatches {
  readonly found: readonly { truth: TrackedBox; said: TrackedBox; overlap: number }[];
  /** Said boxes that are of somebody who need not be found. */
  readonly ignored: ReadonlySet<TrackedBox>;
}

function matchFrame(frame: JudgedFrame, lastOf: ReadonlyMap<string, string>): FrameMatches {
  const kept = frame.truth.flatMap((truth) => {
    const said = frame.said.find(({ track }) => track === lastOf.get(truth.track));
    const overlap = said ? intersectionOverUnion(truth.boxPx, said.boxPx) : 0;
    return said && overlap >= LEAST_OVERLAP ? [{ truth, said, overlap }] : [];
  });
  const claimed = new Set<TrackedBox>();
  const found = kept.filter(({ said }) => !claimed.has(said) && claimed.add(said));
  const taken = new Set(found.map(({ truth }) => truth));
  const free = frame.said.filter((box) => !claimed.has(box));
  found.push(
    ...pairUp(
      frame.truth.filter((box) => !taken.has(box)),
      free,
    ),
  );
  const matched = new Set(found.map(({ said }) => said));
  const rest = frame.said.filter((box) => !matched.has(box));
  return { found, ignored: new Set(pairUp(frame.ignored, rest).map(({ said }) => said)) };
}

function pairUp(truth: readonly TrackedBox[], said: readonly TrackedBox[]): FrameMatches['found'] {
  const costs = truth.map((box) =>
    said.map((other) => {
      const overlap = intersectionOverUnion(box.boxPx, other.boxPx);
      return overlap >= LEAST_OVERLAP ? 1 - overlap : Infinity;
    }),
  );
  return assign(costs).flatMap((column, row) => {
    const [one, other] = [truth[row], said[column]];
    return one && other ? [{ truth: one, said: other, overlap: 1 - (costs[row]?.[column] ?? 1) }] : [];
  });
}

/** How often each true track and each said one lay over each other. */
function noteTogether(
  together: Map<string, Map<string, number>>,
  truth: readonly TrackedBox[],
  said: readonly TrackedBox[],
): void {
  for (const { track, boxPx } of truth)
    for (const other of said) {
      if (intersectionOverUnion(boxPx, other.boxPx) < LEAST_OVERLAP) continue;
      const row = together.get(track) ?? new Map<string, number>();
      row.set(other.track, (row.get(other.track) ?? 0) + 1);
      together.set(track, row);
    }
}

/** Boxes that lie over each other when true and said tracks are paired one to one in the best way. */
function mostTogether(together: ReadonlyMap<string, ReadonlyMap<string, number>>): number {
  const columns = [...new Set([...together.values()].flatMap((row) => [...row.keys()]))];
  const rows = [...together.values()].map((row) => columns.map((column) => row.get(column) ?? 0));
  // Every pairing is allowed, also of tracks that never met: only then is the sum the largest there is.
  const pairing = assign(rows.map((row) => row.map((frames) => -frames)));
  return pairing.reduce((sum, column, row) => sum + (column < 0 ? 0 : (rows[row]?.[column] ?? 0)), 0);
}

/** Figures of several cameras as one. */
export function joinFigures(all: readonly TrackingFigures[]): Omit<TrackingFigures, 'matches'> {
  const sum = (of: (figures: TrackingFigures) => number) => all.reduce((total, one) => total + of(one), 0);
  const [boxes, missed, falseBoxes] = [
    sum((one) => one.boxes),
    sum((one) => one.missed),
    sum((one) => one.falseBoxes),
  ];
  const [switches, found] = [sum((one) => one.switches), boxes - missed];
  const said = found + falseBoxes;
  return {
    mota: boxes === 0 ? 0 : 1 - (missed + falseBoxes + switches) / boxes,
    motp: found === 0 ? 0 : sum((one) => one.motp * (one.boxes - one.missed)) / found,
    // Each camera's identity true positives, from its own F1.
    idf1:
      boxes + said === 0
        ? 0
        : sum((one) => one.idf1 * (one.boxes + one.boxes - one.missed + one.falseBoxes)) / (boxes + said),
    boxes,
    missed,
    falseBoxes,
    switches,
    fragments: sum((one) => one.fragments),
    tracks: sum((one) => one.tracks),
  };
}
