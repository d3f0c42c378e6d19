import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RegularsError, VisitCountQuery, type VisitCountView } from '@regulars/contracts';
import type { SightingRecord, VisitRecord } from '@regulars/persistence';
import { REENTRY_MS, Repositories } from '../services.js';
import { type CameraChange, type Outage, outagesOf } from './outages.js';
import { countVisits } from './visit-count.js';

/** Days that one answer covers at most: every sighting of the time is looked at. */
const MOST_DAYS = 31;

/** How many came, how sure that is, and when nobody could be counted. */
@Controller('v1')
export class VisitCountController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(REENTRY_MS) private readonly reentryMs: number,
  ) {}

  @Get('visit-count')
  async count(@Query({ schema: VisitCountQuery }) query: VisitCountQuery): Promise<VisitCountView> {
    const { storeId, from, to } = query;
    const fromMs = Date.parse(from);
    const toMs = Math.min(Date.parse(to), Date.now());
    if (from >= to) throw new RegularsError('REQUEST_INVALID', { from: 'is not before "to"' });
    if (Date.parse(to) - fromMs > MOST_DAYS * 86_400_000)
      throw new RegularsError('REQUEST_INVALID', { from: `at most ${MOST_DAYS} days before "to"` });
    const visits: VisitRecord[] = [];
    for await (const { visit } of this.repositories.visits.byTimeRange(storeId, { from, to }))
      visits.push(visit);
    const changes = await this.repositories.cameraChanges.ofStore(storeId, to);
    const outages = this.outages(changes, from);
    const cameraIds = new Set(
      [...changes, ...visits.flatMap((visit) => visit.cameraIds.map((cameraId) => ({ cameraId })))].map(
        ({ cameraId }) => cameraId,
      ),
    );
    const sightings: SightingRecord[] = [];
    for (const cameraId of cameraIds)
      for await (const { sighting } of this.repositories.sightings.ofCamera(cameraId, { from, to }))
        if (sighting.storeId === storeId) sightings.push(sighting);
    const { reentryMs } = this;
    return {
      ...{ storeId, from, to },
      ...countVisits({ fromMs, toMs, reentryMs, visits, sightings, outages }),
      outages: outages.map(({ cameraId, from: since, to: until }) => ({ cameraId, from: since, to: until })),
    };
  }

  /** Outages that touch the time, camera by camera. One that was taken down on purpose has none. */
  private outages(changes: readonly CameraChange[], from: string): readonly Outage[] {
    const byCamera = new Map<string, CameraChange[]>();
    for (const change of changes)
      byCamera.set(change.cameraId, [...(byCamera.get(change.cameraId) ?? []), change]);
    return [...byCamera.values()]
      .flatMap(outagesOf)
      .filter(({ to, fault }) => fault !== 'removed' && (to === null || to > from));
  }
}
