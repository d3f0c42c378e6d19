import type { Instant, VisitCountView } from '@regulars/contracts';
import { joinTimes, sharedMs, visitorKeyOf } from '@regulars/contracts';
import type { SightingRecord, VisitRecord } from '@regulars/persistence';
import type { Outage } from './outages.js';

/** What a count is made of: all of one store. */
export interface Counted {
  /** The time that was asked for, as far as it is over; milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly reentryMs: number;
  /** Visits that began in it. */
  readonly visits: readonly Pick<
    VisitRecord,
    'visitor' | 'startedAt' | 'lastSeenAt' | 'cameraIds' | 'merged'
  >[];
  /** Sightings that began in it. */
  readonly sightings: readonly Pick<
    SightingRecord,
    'cameraId' | 'startedAt' | 'lastSeenAt' | 'hasEnded' | 'isCountOnly' | 'decision' | 'anonymousAs'
  >[];
  readonly outages: readonly Outage[];
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cameraIds: readonly string[];
}

/** Seen for less, somebody unjudged is a scrap of a track of somebody who counts already. */
const LONG_ENOUGH_MS = 1_000;
/** Of a Poisson count, 97.5 of 100 lie below the mean and so many standard deviations. */
const DEVIATIONS = 1.96;

/** Counts visits and says between which numbers the true one lies. Fewer: strangers who are not known again may be
 *  one person after the other, and an outage may have cut a visit in two. More: who was never judged well enough,
 *  who came while the only camera that would have seen them was away, at the rate at which that camera alone
 *  saw people while it worked, and visits that were joined over an outage. */
export function countVisits(counted: Counted): Pick<VisitCountView, 'visits' | 'low' | 'high' | 'doubts'> {
  const visits = counted.visits.filter(({ merged }) => merged === null);
  const doubled = doubledStrangers(visits, counted.reentryMs) + cutByOutages(visits, counted);
  const unjudged = unjudgedPeople(counted);
  const unseen = unseenVisits(visits, counted);
  const joined = joinedOverOutages(visits, counted);
  return {
    visits: visits.length,
    low: visits.length - doubled,
    high: unseen === null ? null : visits.length + unjudged + unseen + joined,
    doubts: { doubled, unjudged, unseen, joined },
  };
}

const stretchOf = (of: {
  startedAt: Instant;
  lastSeenAt: Instant;
  cameraIds: readonly string[];
}): Stretch => ({
  fromMs: Date.parse(of.startedAt),
  toMs: Date.parse(of.lastSeenAt),
  cameraIds: of.cameraIds,
});

/** The fewest people who can have been seen so: one stretch may follow the other within the re-entry window.
 *  One person may stand before two cameras at once, and before one camera only once. */
function fewestPeople(stretches: readonly Stretch[], reentryMs: number): number {
  const last: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const before = last.findIndex((one) => {
      const isApart =
        one.toMs < stretch.fromMs || !one.cameraIds.some((id) => stretch.cameraIds.includes(id));
      return isApart && stretch.fromMs <= one.toMs + reentryMs;
    });
    const one = last[before];
    if (one === undefined) last.push(stretch);
    else last[before] = { ...stretch, toMs: Math.max(one.toMs, stretch.toMs) };
  }
  return last.length;
}

function doubledStrangers(visits: Counted['visits'], reentryMs: number): number {
  const strangers = visits.filter(({ visitor }) => visitor.kind === 'stranger').map(stretchOf);
  return strangers.length - fewestPeople(strangers, reentryMs);
}

/** Two visits of one known visitor, apart by no more than the re-entry window and the outages in between. */
function cutByOutages(visits: Counted['visits'], { outages, reentryMs, toMs }: Counted): number {
  const known = visits.filter(({ visitor }) => visitor.kind !== 'stranger');
  const byVisitor = new Map<string, Stretch[]>();
  for (const visit of known) {
    const key = visitorKeyOf(visit.visitor);
    byVisitor.set(key, [...(byVisitor.get(key) ?? []), stretchOf(visit)]);
  }
  const blind = outages.map((outage) => timeOf(outage, toMs));
  let cut = 0;
  for (const own of byVisitor.values()) {
    own.sort((a, b) => a.fromMs - b.fromMs);
    for (const [index, next] of own.slice(1).entries()) {
      const gap = { fromMs: own[index]?.toMs ?? 0, toMs: next.fromMs };
      const blindMs = sharedMs(gap, joinTimes(blind));
      if (blindMs > 0 && gap.toMs - gap.fromMs - blindMs <= reentryMs) cut += 1;
    }
  }
  return cut;
}

/** Gaps of a known visitor's visits that are longer than the window. */
function joinedOverOutages(visits: Counted['visits'], { sightings, reentryMs }: Counted): number {
  const known = visits.filter(({ visitor }) => visitor.kind !== 'stranger');
  const byVisitor = new Map<string, Counted['sightings'][number][]>();
  for (const sighting of sightings) {
    const key = sighting.decision?.customerId ?? sighting.decision?.pseudonymId;
    if (key !== undefined) byVisitor.set(key, [...(byVisitor.get(key) ?? []), sighting]);
  }
  let joined = 0;
  for (const { visitor, startedAt, lastSeenAt } of known) {
    let seenMs = Infinity;
    const own = (byVisitor.get(visitorKeyOf(visitor)) ?? [])
      .filter((one) => startedAt <= one.startedAt && one.startedAt <= lastSeenAt)
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    for (const sighting of own) {
      if (Date.parse(sighting.startedAt) - seenMs > reentryMs) joined += 1;
      const untilMs = Date.parse(sighting.lastSeenAt);
      seenMs = seenMs === Infinity ? untilMs : Math.max(seenMs, untilMs);
    }
  }
  return joined;
}

function unjudgedPeople({ sightings, reentryMs }: Counted): number {
  const unjudged = sightings
    .filter(({ hasEnded, isCountOnly, decision, anonymousAs }) => {
      return hasEnded && !isCountOnly && decision === null && anonymousAs === null;
    })
    .map((sighting) => stretchOf({ ...sighting, cameraIds: [sighting.cameraId] }))
    .filter(({ fromMs, toMs }) => toMs - fromMs >= LONG_ENOUGH_MS);
  return fewestPeople(unjudged, reentryMs);
}

/** @returns null when an outage lasted the whole time, so that nothing tells what the camera would have seen */
function unseenVisits(visits: Counted['visits'], { outages, fromMs, toMs }: Counted): number | null {
  const span = { fromMs, toMs };
  let expected = 0;
  for (const cameraId of new Set(outages.map((outage) => outage.cameraId))) {
    const own = outages.filter((outage) => outage.cameraId === cameraId);
    const blindMs = own.reduce((sum, outage) => sum + sharedMs(span, [timeOf(outage, toMs)]), 0);
    const seeingMs = toMs - fromMs - blindMs;
    if (blindMs <= 0) continue;
    if (seeingMs <= 0) return null;
    const alone = visits.filter(
      ({ cameraIds }) => cameraIds.length === 1 && cameraIds[0] === cameraId,
    ).length;
    expected += ((alone + 0.5) * blindMs) / seeingMs;
  }
  // Half a visit more than was seen (Jeffreys' prior): who saw nobody in an hour may have missed somebody.
  return Math.floor(expected + DEVIATIONS * Math.sqrt(expected));
}

function timeOf({ from, to }: Outage, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Date.parse(from), toMs: to === null ? nowMs : Date.parse(to) };
}
