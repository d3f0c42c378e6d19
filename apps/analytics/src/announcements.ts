import {
  VisitEnded,
  VisitMerged,
  VisitStarted,
  type EventDefinition,
  type Instant,
  type PayloadOf,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Visit } from './visits.js';

/** What was published of a visit. Kept with the visit, so that what was saved but not yet published when a
 *  process died is published by the next one. */
export interface Announced {
  readonly started: boolean;
  /** Id of the last visit.ended; a visit that changed after its end is told anew under another id. */
  readonly endedEventId: string | null;
  readonly mergedInto: string | null;
}

export const NOTHING_ANNOUNCED: Announced = { started: false, endedEventId: null, mergedInto: null };

/** An event with the id that follows from what it says: publishing it twice is publishing it once. */
export interface Announcement {
  readonly event: EventDefinition;
  readonly payload: PayloadOf<EventDefinition>;
  readonly eventId: string;
}

function announcement<E extends EventDefinition>(
  event: E,
  payload: PayloadOf<E>,
  eventId: string,
): Announcement {
  return { event, payload, eventId };
}

function startedOf(visit: Visit): Announcement {
  const { visitId, storeId, visitor, startedAt, firstCameraId, generation } = visit;
  const payload = { visitId, storeId, visitor, startedAt, cameraId: firstCameraId };
  return announcement(VisitStarted, payload, idFrom('evt', visitId, 'started', generation));
}

function endedOf(visit: Visit, endedAt: Instant): Announcement {
  const { visitId, storeId, visitor, startedAt, sightings, satisfaction, generation } = visit;
  const cameraIds = [...visit.cameraIds];
  const payload = { visitId, storeId, visitor, startedAt, endedAt, cameraIds, sightings, satisfaction };
  const eventId = idFrom('evt', visitId, 'ended', generation, JSON.stringify(payload));
  return announcement(VisitEnded, payload, eventId);
}

function mergedOf(visit: Visit, { into, at }: NonNullable<Visit['merged']>): Announcement {
  const { visitId, storeId, generation } = visit;
  const payload = { visitId: into, absorbedVisitId: visitId, storeId, mergedAt: at };
  return announcement(VisitMerged, payload, idFrom('evt', visitId, 'merged', generation, into));
}

/** What is still to be published of a visit, in order. A visit that was merged before it was told is told all the
 *  same: it may have been, by a process that died before it could note it. */
export function dueAnnouncements(visit: Visit, announced: Announced): Announcement[] {
  const due: Announcement[] = announced.started ? [] : [startedOf(visit)];
  if (visit.merged) {
    if (announced.mergedInto !== visit.merged.into) due.push(mergedOf(visit, visit.merged));
  } else if (visit.endedAt !== null) {
    const ended = endedOf(visit, visit.endedAt);
    if (announced.endedEventId !== ended.eventId) due.push(ended);
  }
  return due;
}

/** What stands as published once the due announcements are. */
export function announcedOf(visit: Visit, before: Announced): Announced {
  if (visit.merged) return { ...before, started: true, mergedInto: visit.merged.into };
  const endedEventId = visit.endedAt === null ? before.endedEventId : endedOf(visit, visit.endedAt).eventId;
  return { started: true, endedEventId, mergedInto: null };
}
