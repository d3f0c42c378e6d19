import type { Instant, VisitCountView } from '@regulars/contracts';
import { visitorKeyOf } from '@regulars/contracts';
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
 *  and who came while the only camera that would have seen them was away, at the rate at which that camera alone
 *  saw people while it worked. */
export function countVisits(counted: Counted): Pick<VisitCountView, 'visits' | 'low' | 'high' | 'doubts'> {
  const visits = counted.visits.filter(({ merged }) => merged === null);
  const doubled = doubledStrangers(visits, counted.reentryMs) + cutByOutages(visits, counted);
  const unjudged = unjudgedPeople(counted);
  const unseen = unseenVisits(visits, counted);
  return {
    visits: visits.length,
    low: visits.length - doubled,
    high: unseen === null ? null : visits.length + unjudged + unseen,
    doubts: { doubled, unjudged, unseen },
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

/** Two visits of one known visitor, apart by no more than the re-entry window and an outage in between. */
function cutByOutages(visits: Counted['visits'], { outages, reentryMs, toMs }: Counted): number {
  const known = visits.filter(({ visitor }) => visitor.kind !== 'stranger');
  const byVisitor = new Map<string, Stretch[]>();
  for (const visit of known) {
    const key = visitorKeyOf(visit.visitor);
    byVisitor.set(key, [...(byVisitor.get(key) ?? []), stretchOf(visit)]);
  }
  let cut = 0;
  for (const own of byVisitor.values()) {
    own.sort((a, b) => a.fromMs - b.fromMs);
    for (const [index, next] of own.slice(1).entries()) {
      const gap = { fromMs: own[index]?.toMs ?? 0, toMs: next.fromMs };
      const blindMs = Math.max(0, ...outages.map((outage) => sharedMs(gap, outage, toMs)));
      if (blindMs > 0 && gap.toMs - gap.fromMs - blindMs <= reentryMs) cut += 1;
    }
  }
  return cut;
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
    const blindMs = own.reduce((sum, outage) => sum + sharedMs(span, outage, toMs), 0);
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

function sharedMs(span: { fromMs: number; toMs: number }, { from, to }: Outage, nowMs: number): number {
  const end = to === null ? nowMs : Date.parse(to);
  return Math.max(0, Math.min(span.toMs, end) - Math.max(span.fromMs, Date.parse(from)));
}
