import type { AttendanceView, VisitCountView, VisitView } from '@regulars/contracts';
import { useEffect, useState } from 'react';
import type { Api } from '../api/client.js';
import { calendarDay, startOfDay } from '../format.js';
import { type Loaded, Resource } from '../shop/resource.js';
import { useLive, useResource, useShop } from '../shop/use-shop.js';

export interface TodayData {
  readonly day: string;
  readonly visits: readonly VisitView[];
  readonly attendance: readonly AttendanceView[];
  /** The number of visits with its bounds, and when cameras were away. */
  readonly count: VisitCountView;
  /** False when there are more visits than are read. */
  readonly isComplete: boolean;
}

/** Today's visits and attendance, loaded anew when a visit began, ended or was merged. */
export function useToday(): Loaded<TodayData> & { readonly retry: () => void } {
  const { api } = useShop();
  const { stale } = useLive();
  const [resource] = useState(() => new Resource(() => loadToday(api, new Date())));
  useEffect(() => {
    resource.open();
    return () => resource.close();
  }, [resource]);
  useEffect(() => resource.request(), [resource, stale.visits, stale.customers]);
  return { ...useResource(resource), retry: resource.retry };
}

async function loadToday(api: Api, now: Date): Promise<TodayData> {
  const day = calendarDay(now);
  const [visits, attendance, count] = await Promise.all([
    api.visits(startOfDay(now), now.toISOString()),
    api.attendance(day),
    api.visitCount(startOfDay(now), now.toISOString()),
  ]);
  return { day, visits: visits.items, attendance: attendance.items, count, isComplete: visits.isComplete };
}
