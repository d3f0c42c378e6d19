import type { AttendanceView, VisitView } from '@regulars/contracts';
import type { Attendance, VisitRecord } from '@regulars/persistence';

/** Names of customers by id; an erased customer has none. */
export type Names = ReadonlyMap<string, string>;

/** @param together visits of others who came with the visitor */
export function visitViewOf(visit: VisitRecord, names: Names, together: string[]): VisitView {
  const { visitId, visitor, storeId, startedAt, lastSeenAt, endedAt, cameraIds, sightings, satisfaction } =
    visit;
  const displayName = visitor.kind === 'customer' ? (names.get(visitor.customerId) ?? null) : null;
  return {
    visitId,
    storeId,
    visitor,
    displayName,
    startedAt,
    lastSeenAt,
    endedAt,
    cameraIds: [...cameraIds],
    sightings,
    satisfaction,
    together,
  };
}

export function attendanceViewOf(attendance: Attendance, names: Names): AttendanceView {
  return { ...attendance, displayName: names.get(attendance.customerId) ?? null };
}
