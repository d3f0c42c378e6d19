import type { BoxPx } from '@regulars/contracts';
import { assign } from '@regulars/vision';

/** What tracking needs to know of a detected face. */
export interface Detection {
  readonly boxPx: BoxPx;
  /** Detector's confidence, 0 to 1. */
  readonly score: number;
}

/** One person's way through one camera's picture, as far as it is known. */
export interface Track {
  /** Number among those that were first seen in the same frame, from the left. With the camera and the time it
   *  names the track, in any process that sees the same frames. */
  readonly ordinal: number;
  readonly bornAtMs: number;
  readonly seenAtMs: number;
  /** Where it was last seen. */
  readonly boxPx: BoxPx;
  /** Of the box's centre, pixels per millisecond. */
  readonly velocity: { readonly x: number; readonly y: number };
  /** Frames in which it was found. */
  readonly hits: number;
}

/** Names a track among those of its camera. */
export function trackKey({ bornAtMs, ordinal }: Track): string {
  return `${bornAtMs}:${ordinal}`;
}

/** All times are those of the frames, never of the clock. */
export interface TrackRule {
  /** Found in so many frames, it is a person; before that it may be a mistake of the detector. */
  readonly hitsToStart: number;
  /** Not seen for longer than this, a person is gone. */
  readonly goneMs: number;
  /** The same before a track has started. */
  readonly dismissedMs: number;
  /** Not seen for longer than this, a person whose face is known is followed on only by a face that can be compared. */
  readonly blindMs: number;
  /** Only a face found with this confidence begins a track; weaker ones continue one (ByteTrack). */
  readonly birthScore: number;
}

export const TRACK_RULE: TrackRule = {
  hitsToStart: 2,
  goneMs: 1_500,
  dismissedMs: 700,
  blindMs: 600,
  birthScore: 0.65,
};

/** The rule for a camera whose frames come this far apart: a slow one must be waited for longer.
 *  @param intervalMs between two frames; null when it is not known yet */
export function trackRuleFor(intervalMs: number | null, rule: TrackRule = TRACK_RULE): TrackRule {
  const between = intervalMs ?? 0;
  return {
    ...rule,
    goneMs: Math.max(rule.goneMs, 3 * between),
    dismissedMs: Math.max(rule.dismissedMs, 1.5 * between),
    blindMs: Math.max(rule.blindMs, 1.2 * between),
  };
}

/** How unlike a track's face and a detected one look: cosine distance, or null where it is not known. */
export type Unlikeness = (track: Track, detection: number) => number | null;

export interface TrackStep {
  /** Tracks that live, those included that have not started. */
  readonly tracks: readonly Track[];
  /** Which detection is which track, of those that have started. */
  readonly seen: readonly { readonly track: Track; readonly detection: number }[];
  readonly started: readonly Track[];
  readonly ended: readonly Track[];
}

/** Who walks past close by moves by two of his face widths in 200 ms; who is not seen for a while, further. */
const REACH = { widths: 0.9, widthsPerSecond: 8, mostWidths: 4 } as const;
/** Between two frames a face does not grow or shrink by more than this factor. */
const LARGEST_GROWTH = 1.9;
const GROWTH_WEIGHT = 0.5;
/** A prediction by constant velocity is good for so long; people stop. */
const COASTING_MS = 600;
/** Share of the newest measurement in the velocity (an alpha-beta filter; the steady state of SORT's Kalman filter). */
const VELOCITY_SHARE = 0.5;
/** Scored distances of one view to the mean direction of a track's views, dlib's ResNet, faces of 45 to 80 px at 5
 *  frames a second (scripted shop of seed 101): of the same pass median .014, 99 of 100 below .050 and 995 of 1,000
 *  below .071; of two other people the first percentile is .053. A track that is cut is joined again by who it is. */
const APPEARANCE = { like: 0.02, cannotBe: 0.09, weight: 15 } as const;
/** A pairing is in doubt when another costs so little more, when the person was not seen for so long, or when it costs
 *  so much that nobody walks so: somebody else may stand there, such as who comes in where one goes out. */
const DOUBT = { cost: 0.6, unseenMs: 300, surprise: 0.35 } as const;
/** A pairing that costs more is worse than none: so what place allows alone is never refused, and nobody is taken for
 *  somebody unlike because that leaves a face to another. */
const WORSE_THAN_NONE = 1.5;

/** Tracks that began as a part of another are numbered from here, so that none has the number of a face that was new
 *  in the same frame. */
const FIRST_PARTED = 1_000;

/** So near the edge, in widths of the face, a head is not whole in the picture. */
const AT_EDGE_WIDTHS = 0.5;

function centreOf(box: BoxPx): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Where a track should be by now, at constant velocity. */
export function predictBox(track: Track, atMs: number): BoxPx {
  const forMs = Math.min(Math.max(atMs - track.seenAtMs, 0), COASTING_MS);
  const { x, y, width, height } = track.boxPx;
  return { x: x + track.velocity.x * forMs, y: y + track.velocity.y * forMs, width, height };
}

/** What it costs to take a detected face for a track: distance to where it should be and growth, in shares of
 *  what is possible. Overlap says nothing here: at 5 frames a second a walking face does not overlap itself.
 *  @returns 0 to 1.5, Infinity when it is not possible */
function pairingCost(track: Track, box: BoxPx, atMs: number): number {
  const expected = predictBox(track, atMs);
  const [from, to] = [centreOf(expected), centreOf(box)];
  const width = (expected.width + box.width) / 2;
  const unseenSeconds = (atMs - track.seenAtMs) / 1_000;
  const reach = Math.min(REACH.widths + REACH.widthsPerSecond * unseenSeconds, REACH.mostWidths);
  const distance = Math.hypot(to.x - from.x, to.y - from.y) / width / reach;
  const growth = Math.abs(Math.log(box.width / expected.width)) / Math.log(LARGEST_GROWTH);
  return distance > 1 || growth > 1 ? Infinity : distance + GROWTH_WEIGHT * growth;
}

function appearanceCost(unlikeness: number | null): number {
  if (unlikeness === null) return 0;
  return unlikeness > APPEARANCE.cannotBe ? Infinity : APPEARANCE.weight * (unlikeness - APPEARANCE.like);
}

/** Detected faces of which position alone does not say surely which track they are: two could be one, one could
 *  be two, or nobody was seen there for a while. */
export function doubtfulDetections(
  tracks: readonly Track[],
  detections: readonly Detection[],
  atMs: number,
): readonly number[] {
  const costs = tracks.map((track) => detections.map((d) => pairingCost(track, d.boxPx, atMs)));
  const isRivalled = (cost: number, others: readonly number[]) =>
    others.filter((other) => other <= cost + DOUBT.cost).length > 1;
  return detections.flatMap((_, column) => {
    const doubtful = tracks.some((track, row) => {
      const cost = costs[row]?.[column] ?? Infinity;
      if (cost === Infinity) return false;
      const rivals = costs.map((other) => other[column] ?? Infinity);
      return (
        isRivalled(cost, rivals) ||
        isRivalled(cost, costs[row] ?? []) ||
        atMs - track.seenAtMs > DOUBT.unseenMs ||
        cost > DOUBT.surprise
      );
    });
    return doubtful ? [column] : [];
  });
}

/** Whether a face at the picture's left or right edge may be somebody who comes in where a track's person went out:
 *  nobody was seen there for a moment, or it is not where the person would have gone.
 *  @param widthPx of the picture */
export function mayBeAnother(track: Track, box: BoxPx, widthPx: number, atMs: number): boolean {
  const isAtEdge = Math.min(box.x, widthPx - box.x - box.width) < AT_EDGE_WIDTHS * box.width;
  if (!isAtEdge) return false;
  return atMs - track.seenAtMs > DOUBT.unseenMs || pairingCost(track, box, atMs) > DOUBT.surprise;
}

function continued(track: Track, box: BoxPx, atMs: number): Track {
  const elapsed = Math.max(atMs - track.seenAtMs, 1);
  const [from, to] = [centreOf(track.boxPx), centreOf(box)];
  const share = track.hits === 1 ? 1 : VELOCITY_SHARE;
  const mix = (old: number, moved: number) => old + share * (moved / elapsed - old);
  return {
    ...track,
    seenAtMs: atMs,
    boxPx: box,
    velocity: { x: mix(track.velocity.x, to.x - from.x), y: mix(track.velocity.y, to.y - from.y) },
    hits: track.hits + 1,
  };
}

/** Whether a track that was lost may be the same person as one that began later: it is where that one would be. */
export function mayGoOn(lost: Track, later: Track): boolean {
  return lost.seenAtMs < later.bornAtMs && pairingCost(lost, later.boxPx, later.bornAtMs) < Infinity;
}

/** The part of a track from an instant on, when it shows somebody else since then: a track of its own.
 *  @param hitsBefore frames of the first part
 *  @param taken keys that are in use */
export function partTrack(
  track: Track,
  fromMs: number,
  hitsBefore: number,
  taken: Pick<ReadonlySet<string>, 'has'>,
): Track {
  const hits = Math.max(track.hits - hitsBefore, TRACK_RULE.hitsToStart);
  const part = { ...track, bornAtMs: fromMs, hits };
  let ordinal = FIRST_PARTED + track.ordinal;
  while (taken.has(trackKey({ ...part, ordinal }))) ordinal += 1;
  return { ...part, ordinal };
}

/** Pairs some tracks with some detections. @returns for each track its detection, or -1 */
function pair(
  tracks: readonly Track[],
  detections: readonly Detection[],
  candidates: readonly number[],
  atMs: number,
  unlikeness: Unlikeness,
): readonly number[] {
  const costs = tracks.map((track, row) => [
    ...candidates.map(
      (i) =>
        pairingCost(track, (detections[i] as Detection).boxPx, atMs) + appearanceCost(unlikeness(track, i)),
    ),
    ...tracks.map((_, other) => (other === row ? WORSE_THAN_NONE : Infinity)),
  ]);
  return assign(costs).map((column) => candidates[column] ?? -1);
}

/** Follows people from one frame to the next, after ByteTrack (Zhang et al., ECCV 2022): all tracks are paired
 *  with the surely found faces first, those left over with the weakly found ones; only surely found faces begin
 *  a track. Motion is SORT's constant velocity (Bewley et al., ICIP 2016); appearance decides where it is known.
 *  @param atMs capture time of the frame, later than that of the frame before */
export function advanceTracks(
  tracks: readonly Track[],
  detections: readonly Detection[],
  atMs: number,
  unlikeness: Unlikeness = () => null,
  rule: TrackRule = TRACK_RULE,
): TrackStep {
  const hasStarted = (track: Track) => track.hits >= rule.hitsToStart;
  const isGone = (track: Track) =>
    atMs - track.seenAtMs > (hasStarted(track) ? rule.goneMs : rule.dismissedMs);
  const before = tracks.filter((track) => !isGone(track));
  const ended = tracks.filter((track) => isGone(track) && hasStarted(track));

  const isSure = ({ score }: Detection) => score >= rule.birthScore;
  const sure = detections.flatMap((detection, i) => (isSure(detection) ? [i] : []));
  const weak = detections.flatMap((detection, i) => (isSure(detection) ? [] : [i]));
  const first = pair(before, detections, sure, atMs, unlikeness);
  const unpaired = before.filter((_, row) => first[row] === -1);
  const second = pair(unpaired, detections, weak, atMs, unlikeness);

  const alive: Track[] = [];
  const seen: { track: Track; detection: number }[] = [];
  const taken = new Set<number>();
  before.forEach((track, row) => {
    const detection = first[row] !== -1 ? (first[row] as number) : (second[unpaired.indexOf(track)] ?? -1);
    if (detection < 0) {
      alive.push(track);
      return;
    }
    const next = continued(track, (detections[detection] as Detection).boxPx, atMs);
    taken.add(detection);
    alive.push(next);
    if (hasStarted(next)) seen.push({ track: next, detection });
  });
  const started = seen.map(({ track }) => track).filter((track) => track.hits === rule.hitsToStart);
  const newcomers = sure
    .filter((i) => !taken.has(i))
    .map((i) => (detections[i] as Detection).boxPx)
    .sort((a, b) => a.x - b.x || a.y - b.y);
  newcomers.forEach((boxPx, ordinal) =>
    alive.push({ ordinal, bornAtMs: atMs, seenAtMs: atMs, boxPx, velocity: { x: 0, y: 0 }, hits: 1 }),
  );
  return { tracks: alive, seen, started, ended };
}
