import type { VisitRecord } from '@regulars/persistence';

/** Who comes through one door so soon after one another came together: in this time two people who walk side by side
 *  have both turned their faces to the camera. Chosen, not measured: there is no data of groups in shops here. */
export const TOGETHER_MS = 5_000;

/** The instants in which visits may have begun that belong together with one.
 *  @returns `to` no longer belongs to it */
export function aroundStart({ startedAt }: Pick<VisitRecord, 'startedAt'>): { from: string; to: string } {
  const start = Date.parse(startedAt);
  const at = (ms: number) => new Date(ms).toISOString();
  return { from: at(start - TOGETHER_MS), to: at(start + TOGETHER_MS + 1) };
}

/** The visits that began together with one: before the same camera, within five seconds, of somebody else.
 *  @param others visits that began about then, in any order
 *  @returns their ids, sorted; none for somebody who came alone */
export function togetherWith(visit: VisitRecord, others: readonly VisitRecord[]): string[] {
  const { from, to } = aroundStart(visit);
  return others
    .filter(
      ({ visitId, storeId, firstCameraId, startedAt, merged }) =>
        visitId !== visit.visitId &&
        merged === null &&
        storeId === visit.storeId &&
        firstCameraId === visit.firstCameraId &&
        startedAt >= from &&
        startedAt < to,
    )
    .map(({ visitId }) => visitId)
    .sort();
}
