const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How a shop's time is cut into buckets. Days count from 1970-01-01 in the shop's time zone. */
export interface Periods {
  readonly kind: 'months' | 'spans';
  /** Periods in a year, for seasons. */
  readonly perYear: number;
  /** The shop's calendar day of an instant. */
  dayOf(atMs: number): number;
  /** The period that a day lies in; consecutive periods have consecutive numbers. */
  indexOf(day: number): number;
  /** First day of a period. */
  startOf(index: number): number;
}

/** Calendar months, numbered 12 * year + month - 1 (January 1970 is 23640).
 *  @param timeZone IANA name of the shop's time zone */
export function calendarMonths(timeZone = 'UTC'): Periods {
  return {
    kind: 'months',
    perYear: 12,
    dayOf: dayIn(timeZone),
    indexOf: (day) => {
      const date = new Date(day * DAY_MS);
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    },
    startOf: (index) => Date.UTC(Math.floor(index / 12), index % 12) / DAY_MS,
  };
}

/** Spans of equally many days, the last of which ends before `untilDay`; for shops whose history is short.
 *  @param days length of a span, at least 1 */
export function spansOfDays(days: number, untilDay: number, timeZone = 'UTC'): Periods {
  const phase = untilDay % days;
  return {
    kind: 'spans',
    perYear: Math.max(1, Math.round(365.25 / days)),
    dayOf: dayIn(timeZone),
    indexOf: (day) => Math.floor((day - phase) / days),
    startOf: (index) => index * days + phase,
  };
}

/** The first day of a period as a date, e.g. 2011-03-01. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day of a date, e.g. 2011-03-01. */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function dayIn(timeZone: string): (atMs: number) => number {
  if (timeZone === 'UTC') return (atMs) => Math.floor(atMs / DAY_MS);
  const offsetAt = offsetIn(timeZone);
  return (atMs) => Math.floor((atMs + offsetAt(atMs)) / DAY_MS);
}

/** Offsets change on the quarter of an hour at the earliest, so each is looked up once. */
function offsetIn(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const quarters = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor((atMs * 4) / HOUR_MS);
    const known = quarters.get(quarter);
    if (known !== undefined) return known;
    const startMs = (quarter * HOUR_MS) / 4;
    const parts = Object.fromEntries(
      format.formatToParts(startMs).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - startMs;
    quarters.set(quarter, offset);
    return offset;
  };
}
