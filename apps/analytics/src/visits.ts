import {
  continuesVisit,
  visitorKeyOf,
  type BlindTime,
  type Instant,
  type Visitor,
  type VisitSatisfaction,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { attendedDays, type AttendedDay } from './attendance.js';
import { later } from './instants.js';
import { satisfactionOf } from './satisfaction.js';
import type { Sighting } from './sightings.js';

export interface VisitRule {
  /** Who is seen again within this time continues the visit, milliseconds; longer where a camera was away. */
  readonly reentryMs: number;
  /** The shop's, for days of attendance. */
  readonly timeZone: string;
}

/** A visit as it follows from its sightings. */
export interface Visit {
  readonly visitId: string;
  readonly storeId: string;
  readonly visitor: Visitor;
  /** Start of the first sighting. */
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
  /** When the visitor was last seen, once the re-entry window is over; null before. */
  readonly endedAt: Instant | null;
  readonly firstSightingId: string;
  readonly firstCameraId: string;
  /** In the order in which they saw the visitor. */
  readonly cameraIds: readonly string[];
  readonly sightings: number;
  readonly satisfaction: VisitSatisfaction;
  /** Days attended in it; none for a stranger. */
  readonly days: readonly AttendedDay[];
  /** Set when later evidence showed that it is part of another visit: it no longer counts. */
  readonly merged: { readonly into: string; readonly at: Instant } | null;
  /** How often it came back after it had been merged away: part of the ids of its events. */
  readonly generation: number;
}

/** Sightings of one visitor that belong together. */
export interface Stay {
  readonly opening: Sighting;
  /** In order of time. */
  readonly sightings: readonly Sighting[];
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
}

const inOrder = (a: Sighting, b: Sighting) =>
  a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.sightingId < b.sightingId) ? -1 : 1;

/** Joins sightings of one visitor over all cameras: one that starts at most `reentryMs` after the visitor was
 *  last seen continues the stay, and a little later where a camera was away. Decided by the times of the sightings
 *  and of the cameras alone, so in any order of arrival.
 *  @param blind when a camera of the store was away
 *  @returns in order of time, more than `reentryMs` apart */
export function joinSightings(
  sightings: readonly Sighting[],
  reentryMs: number,
  blind: readonly BlindTime[] = [],
): Stay[] {
  const stays: { opening: Sighting; sightings: Sighting[]; startedAt: Instant; lastSeenAt: Instant }[] = [];
  for (const sighting of [...sightings].sort(inOrder)) {
    const stay = stays.at(-1);
    if (stay && continuesVisit(stay.lastSeenAt, sighting.startedAt, reentryMs, blind)) {
      stay.sightings.push(sighting);
      stay.lastSeenAt = later(stay.lastSeenAt, sighting.lastSeenAt);
    } else {
      const { startedAt, lastSeenAt } = sighting;
      stays.push({ opening: sighting, sightings: [sighting], startedAt, lastSeenAt });
    }
  }
  return stays;
}

/** Where and when visits are settled. */
export interface Settling {
  readonly storeId: string;
  readonly visitor: Visitor;
  readonly rule: VisitRule;
  /** The store's time: what was seen longer ago than the re-entry window is over. */
  readonly storeTime: Instant;
  /** When a camera of the store was away, as far as it touches the sightings or the time since. */
  readonly blind: readonly BlindTime[];
  /** When what is told now happened; stands in merged visits. */
  readonly happenedAt: Instant;
  /** The visit that took over a sighting which this visitor lost. */
  readonly movedTo?: string;
}

function visitOf(stay: Stay, visitId: string, generation: number, settling: Settling): Visit {
  const { storeId, visitor, rule, storeTime, blind } = settling;
  const isOver = !continuesVisit(stay.lastSeenAt, storeTime, rule.reentryMs, blind);
  return {
    visitId,
    storeId,
    visitor,
    startedAt: stay.startedAt,
    lastSeenAt: stay.lastSeenAt,
    endedAt: isOver ? stay.lastSeenAt : null,
    firstSightingId: stay.opening.sightingId,
    firstCameraId: stay.opening.cameraId,
    cameraIds: [...new Set(stay.sightings.map(({ cameraId }) => cameraId))],
    sightings: stay.sightings.length,
    satisfaction: satisfactionOf(stay.sightings.flatMap(({ crops }) => crops)),
    days: visitor.kind === 'customer' ? attendedDays(stay.sightings, rule.timeZone) : [],
    merged: null,
    generation,
  };
}

function newVisit(stay: Stay, known: readonly Visit[], settling: Settling): Visit {
  const visitorKey = visitorKeyOf(settling.visitor);
  const visitId = idFrom('vis', settling.storeId, visitorKey, stay.opening.sightingId);
  const before = known.find((visit) => visit.visitId === visitId);
  return visitOf(stay, visitId, before ? before.generation + 1 : 0, settling);
}

/** Brings a visitor's visits in line with the sightings. A stay keeps the visit that it overlaps; of several
 *  the one that started earliest goes on and the others are merged into it; a stay without one is a new visit,
 *  whose id follows from its first sighting. A visit that lost all its sightings is merged into the visit that
 *  has them now.
 *  @param known the visitor's visits near the sightings, merged ones too
 *  @param sightings all sightings of the visitor near them
 *  @returns all of `known` and new ones as they are now, live ones first */
export function settleVisits(
  known: readonly Visit[],
  sightings: readonly Sighting[],
  settling: Settling,
): Visit[] {
  const waiting = known
    .filter((visit) => visit.merged === null)
    .sort((a, b) => (`${a.startedAt}${a.visitId}` < `${b.startedAt}${b.visitId}` ? -1 : 1));
  const live: Visit[] = [];
  const merged: Visit[] = [];
  const merge = (visit: Visit, into: string) =>
    merged.push({ ...visit, merged: { into, at: settling.happenedAt } });
  for (const stay of joinSightings(sightings, settling.rule.reentryMs, settling.blind)) {
    const own = waiting.filter(
      (visit) => visit.startedAt <= stay.lastSeenAt && stay.startedAt <= visit.lastSeenAt,
    );
    for (const visit of own) waiting.splice(waiting.indexOf(visit), 1);
    const [first, ...rest] = own;
    const current = first
      ? visitOf(stay, first.visitId, first.generation, settling)
      : newVisit(stay, known, settling);
    live.push(current);
    for (const visit of rest) merge(visit, current.visitId);
  }
  const { movedTo } = settling;
  if (movedTo) for (const visit of waiting) merge(visit, movedTo);
  const changed = new Set([...live, ...merged].map(({ visitId }) => visitId));
  return [...live, ...merged, ...known.filter(({ visitId }) => !changed.has(visitId))];
}
