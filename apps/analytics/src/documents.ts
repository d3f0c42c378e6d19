import { isDeepStrictEqual } from 'node:util';
import type { Visitor } from '@regulars/contracts';
import type { StoredVisit } from '@regulars/persistence';
import { dueAnnouncements, NOTHING_ANNOUNCED } from './announcements.js';
import type { Visit } from './visits.js';

/** The visitor whom a key names. */
export function visitorOfKey(key: string): Visitor {
  if (key.startsWith('cus_')) return { kind: 'customer', customerId: key };
  return key.startsWith('pse_')
    ? { kind: 'pseudonym', pseudonymId: key }
    : { kind: 'stranger', sightingId: key };
}

/** What was told of a visit and entered elsewhere; kept with it, so that what was saved but not told when a
 *  process died is told by the next one. */
export type Bookkeeping = StoredVisit['announced'];

const NOTHING: Bookkeeping = { ...NOTHING_ANNOUNCED, days: [], countedAt: null };

/** The time of a visit that its customer's figures know; null when they do not count it. */
export function countedAtOf(visit: Visit): string | null {
  if (visit.merged !== null || visit.visitor.kind !== 'customer') return null;
  return visit.endedAt ?? visit.startedAt;
}

/** The days that a visit adds to the attendance. */
export function daysOf(visit: Visit): Visit['days'] {
  return visit.merged === null ? visit.days : [];
}

/** Whether two plain values are equal, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

/** A visit as it is to be saved.
 *  @param before as it was stored; what was told of it stands, unless it comes back from having been merged */
export function toStore(visit: Visit, before: StoredVisit | undefined): Omit<StoredVisit, 'revision'> {
  const goesOn = before?.visit.generation === visit.generation;
  const announced = { ...(before?.announced ?? NOTHING), ...(goesOn ? {} : NOTHING_ANNOUNCED) };
  const isDue =
    dueAnnouncements(visit, announced).length > 0 ||
    announced.countedAt !== countedAtOf(visit) ||
    !isSame(announced.days, daysOf(visit));
  return { visit, announced, isDue };
}
