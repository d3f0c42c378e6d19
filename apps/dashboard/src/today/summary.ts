import type { AttendanceView, SatisfactionClass, VisitCountView, VisitView } from '@regulars/contracts';
import { strings } from '../strings.js';

export interface DaySummary {
  readonly visits: number;
  /** Different known customers. */
  readonly regulars: number;
  /** Visits by people who are not known; one person may be several. */
  readonly guests: number;
  readonly open: number;
  /** Visits whose satisfaction could be judged, and those of them that were satisfied. */
  readonly judged: number;
  readonly satisfied: number;
}

/** A day's visits in numbers. */
export function summaryOf(visits: readonly VisitView[]): DaySummary {
  const customerIds = new Set<string>();
  const summary = { visits: visits.length, guests: 0, open: 0, judged: 0, satisfied: 0 };
  for (const { visitor, endedAt, satisfaction } of visits) {
    if (visitor.kind === 'customer') customerIds.add(visitor.customerId);
    else summary.guests++;
    if (endedAt === null) summary.open++;
    if (satisfaction.class !== null) summary.judged++;
    if (satisfaction.class === 'satisfied') summary.satisfied++;
  }
  return { ...summary, regulars: customerIds.size };
}

/** Between which numbers a count lies, in words; nothing when it is sure. */
export function boundsOf({ visits, low, high }: Pick<VisitCountView, 'visits' | 'low' | 'high'>): string {
  if (high === null) return strings.today.unboundedAbove(low);
  return low === visits && high === visits ? '' : strings.today.between(low, high);
}

export interface HourCount {
  /** Local hour of the day, 0 to 23. */
  readonly hour: number;
  readonly regulars: number;
  readonly guests: number;
}

const OPENING_HOUR = 8;
const CLOSING_HOUR = 19;

/** Visits by the local hour in which they began: the usual opening hours, and others where somebody came. */
export function visitsByHour(visits: readonly VisitView[]): readonly HourCount[] {
  const counted = new Map<number, { regulars: number; guests: number }>();
  for (const visit of visits) {
    const hour = new Date(visit.startedAt).getHours();
    const count = counted.get(hour) ?? { regulars: 0, guests: 0 };
    count[visit.visitor.kind === 'customer' ? 'regulars' : 'guests']++;
    counted.set(hour, count);
  }
  const first = Math.min(OPENING_HOUR, ...counted.keys());
  const last = Math.max(CLOSING_HOUR, ...counted.keys());
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    return { hour, ...(counted.get(hour) ?? { regulars: 0, guests: 0 }) };
  });
}

export interface AttendanceLine {
  readonly customerId: string;
  readonly displayName: string;
  readonly firstSeenAt: string;
  readonly visits: number;
  readonly mood: SatisfactionClass | null;
}

/** One line for each customer who came, in order of coming, with the day's visits joined to it. */
export function attendanceLines(
  attendance: readonly AttendanceView[],
  visits: readonly VisitView[],
): readonly AttendanceLine[] {
  return attendance
    .map(({ customerId, displayName, firstSeenAt }) => {
      const own = visits
        .filter(({ visitor }) => visitor.kind === 'customer' && visitor.customerId === customerId)
        .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
      const judged = own.filter((visit) => visit.satisfaction.class !== null);
      return {
        customerId,
        displayName: displayName ?? '',
        firstSeenAt,
        visits: own.length,
        mood: judged.at(-1)?.satisfaction.class ?? null,
      };
    })
    .sort((a, b) => a.firstSeenAt.localeCompare(b.firstSeenAt) || a.customerId.localeCompare(b.customerId));
}
