import { SEEN_SHARE, type ShopTruth, type TrueVisit } from '../../shop/truth.js';
import { joinFigures, judgeTracking, type TrackingFigures } from './clear-mot.js';
import type { CountedVisit, FollowedFrame, ShopRun } from './run-shop.js';
import { silentAt, type Silence } from './silence.js';

/** What recognition's boxes showed: for each sighting in how many frames it lay over whose pass. */
export type PassesOfSightings = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface FollowedTruth {
  readonly figures: Omit<TrackingFigures, 'matches'>;
  readonly passesOf: PassesOfSightings;
}

/** Holds what was followed against what was there, camera by camera. Faces that are hidden by half or more, and
 *  frames of a silent camera, are not asked for. */
export function judgeFollowed(
  truth: ShopTruth,
  followed: readonly FollowedFrame[],
  silence: Silence | null,
): FollowedTruth {
  const passesOf = new Map<string, Map<number, number>>();
  const all = truth.cameras.map(({ cameraId, frames }) => {
    const saidAt = new Map(followed.filter((one) => one.cameraId === cameraId).map((one) => [one.atMs, one]));
    const trueAt = new Map(frames.map((frame) => [frame.atMs, frame.faces]));
    const times = [...new Set([...saidAt.keys(), ...trueAt.keys()])]
      .filter((atMs) => !silentAt(silence, cameraId, atMs))
      .sort((a, b) => a - b);
    const figures = judgeTracking(
      times.map((atMs) => {
        const faces = (trueAt.get(atMs) ?? []).map((face) => ({ ...face, track: String(face.pass) }));
        return {
          truth: faces.filter(({ visible }) => visible >= SEEN_SHARE),
          ignored: faces.filter(({ visible }) => visible < SEEN_SHARE),
          said: (saidAt.get(atMs)?.faces ?? []).map(({ sightingId, boxPx }) => ({
            track: sightingId,
            boxPx,
          })),
        };
      }),
    );
    for (const { truth: pass, said } of figures.matches.flat()) {
      const row = passesOf.get(said) ?? new Map<number, number>();
      row.set(Number(pass), (row.get(Number(pass)) ?? 0) + 1);
      passesOf.set(said, row);
    }
    return figures;
  });
  return { figures: joinFigures(all), passesOf };
}

/** The last line of `evaluate -- visits`. */
export interface VisitFigures {
  /** Visits in which a camera that worked saw the person for half a second at least. */
  readonly visits: number;
  readonly counted: number;
  /** Difference as a share of the visits. */
  readonly countError: number;
  /** Counted visits that show two people, each for a second or more. */
  readonly mergedVisits: number;
  /** Sightings that were given somebody else's name; a stranger's name among them. */
  readonly misidentified: number;
  /** Of a true pass from one track to another, for each hundred passes. */
  readonly identitySwitchesPer100: number;
}

export interface VisitReport extends VisitFigures {
  /** True visits that none, and that several counted visits stand for. */
  readonly missed: number;
  readonly split: number;
  /** Counted visits that stand for two true visits of one person, and for none. */
  readonly joined: number;
  readonly invented: number;
  /** True visits that only a dead camera could have seen. */
  readonly unseen: number;
  readonly trouble: readonly string[];
}

/** Frames from which a counted visit shows somebody: a second. */
const SHOWN_FRAMES = 5;
/** A visit of fewer frames before working cameras cannot be asked for. */
const FEWEST_FRAMES = 3;

/** Holds the visits that were counted against the true ones. */
export function judgeVisits(
  truth: ShopTruth,
  run: Pick<ShopRun, 'visits' | 'ended' | 'customers'>,
  { figures, passesOf }: FollowedTruth,
  silence: Silence | null,
): VisitReport {
  const visitOfPass = new Map(truth.visits.flatMap((visit) => visit.passes.map(({ pass }) => [pass, visit])));
  const seen = framesSeen(truth, visitOfPass, silence);
  const visible = truth.visits.filter((visit) => (seen.get(visit) ?? 0) >= FEWEST_FRAMES);
  const trouble: string[] = [];
  const standing = new Map<TrueVisit, number>();
  let [merged, joined, invented] = [0, 0, 0];
  for (const counted of run.visits) {
    const shown = shownIn(counted, passesOf, visitOfPass);
    const people = peopleIn(shown);
    const own = [...shown].filter(([, frames]) => frames >= SHOWN_FRAMES).map(([visit]) => visit);
    const best = [...shown].sort((a, b) => b[1] - a[1])[0]?.[0];
    const name = `${counted.visitor} visit ${seconds(counted)}`;
    if (best === undefined) {
      invented++;
      trouble.push(`${name} shows nobody`);
      continue;
    }
    standing.set(best, (standing.get(best) ?? 0) + 1);
    if (people.length > 1) {
      merged++;
      trouble.push(`${name} shows ${people.join(' and ')}`);
    } else if (own.length > 1) {
      joined++;
      trouble.push(`${name} joins ${own.map((visit) => `${visit.person} ${seconds(visit)}`).join(' and ')}`);
    }
  }
  const missed = visible.filter((visit) => !standing.has(visit));
  for (const visit of missed) trouble.push(`${visit.person}'s visit ${seconds(visit)} is not counted`);
  const split = [...standing].filter(([, times]) => times > 1);
  for (const [visit, times] of split)
    trouble.push(`${visit.person}'s visit ${seconds(visit)} counts ${times} times`);
  const wrong = wrongNames(run, passesOf, visitOfPass);
  const difference = Math.abs(run.visits.length - visible.length);
  return {
    visits: visible.length,
    counted: run.visits.length,
    countError: visible.length === 0 ? run.visits.length : round(difference / visible.length),
    mergedVisits: merged,
    misidentified: wrong.length,
    identitySwitchesPer100: figures.tracks === 0 ? 0 : round((100 * figures.switches) / figures.tracks),
    missed: missed.length,
    split: split.length,
    joined,
    invented,
    unseen: truth.visits.length - visible.length,
    trouble: [...trouble, ...wrong],
  };
}

function framesSeen(
  truth: ShopTruth,
  visitOfPass: ReadonlyMap<number, TrueVisit>,
  silence: Silence | null,
): ReadonlyMap<TrueVisit, number> {
  const seen = new Map<TrueVisit, number>();
  for (const { cameraId, frames } of truth.cameras)
    for (const { atMs, faces } of frames)
      for (const { pass, visible } of faces) {
        const visit = visitOfPass.get(pass);
        if (visit === undefined || visible < SEEN_SHARE || silentAt(silence, cameraId, atMs)) continue;
        seen.set(visit, (seen.get(visit) ?? 0) + 1);
      }
  return seen;
}

/** Frames of each true visit that a counted one shows. */
function shownIn(
  { sightingIds }: CountedVisit,
  passesOf: PassesOfSightings,
  visitOfPass: ReadonlyMap<number, TrueVisit>,
): ReadonlyMap<TrueVisit, number> {
  const shown = new Map<TrueVisit, number>();
  for (const [pass, frames] of sightingIds.flatMap((id) => [...(passesOf.get(id) ?? [])])) {
    const visit = visitOfPass.get(pass);
    if (visit !== undefined) shown.set(visit, (shown.get(visit) ?? 0) + frames);
  }
  return shown;
}

function peopleIn(shown: ReadonlyMap<TrueVisit, number>): readonly string[] {
  const frames = new Map<string, number>();
  for (const [{ person }, count] of shown) frames.set(person, (frames.get(person) ?? 0) + count);
  return [...frames].filter(([, count]) => count >= SHOWN_FRAMES).map(([person]) => person);
}

/** Sightings that were named as somebody whom most of their frames do not show. */
function wrongNames(
  { ended, customers }: Pick<ShopRun, 'ended' | 'customers'>,
  passesOf: PassesOfSightings,
  visitOfPass: ReadonlyMap<number, TrueVisit>,
): readonly string[] {
  return ended.flatMap(({ sightingId, cameraId, startedAt, identity }) => {
    if (identity.kind !== 'identified') return [];
    const frames = new Map<string, number>();
    for (const [pass, count] of passesOf.get(sightingId) ?? []) {
      const person = visitOfPass.get(pass)?.person ?? '';
      frames.set(person, (frames.get(person) ?? 0) + count);
    }
    const shown = [...frames].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'nobody';
    const named = customers.get(identity.customerId) ?? identity.customerId;
    if (shown === named) return [];
    const facts = `distance ${identity.distance.toFixed(3)}, ${identity.votes} votes`;
    return [`${shown} on ${cameraId} at ${startedAt.slice(11, 19)} is called ${named} (${facts})`];
  });
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
const seconds = ({ startMs, endMs }: { startMs: number; endMs: number }): string =>
  `${(startMs / 1_000).toFixed(1)}-${(endMs / 1_000).toFixed(1)} s`;
