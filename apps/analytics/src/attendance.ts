import type { CalendarDay, Instant } from '@regulars/contracts';
import { earlier, toInstant } from './instants.js';

/** A day on which a customer came, and when they were first seen on it. */
export interface AttendedDay {
  readonly day: CalendarDay;
  readonly firstSeenAt: Instant;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The clock on the shop's wall, read as if it were UTC: milliseconds since 1970, whole seconds. */
function wallClockMs(epochMs: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(epochMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Calendar day of an instant on the shop's wall.
 *  @param timeZone IANA name, such as Europe/Berlin */
export function dayOf(instant: Instant, timeZone: string): CalendarDay {
  return toInstant(wallClockMs(Date.parse(instant), timeZone)).slice(0, 10);
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** First instant of a calendar day. Where the clocks are put forward at midnight the day begins later than
 *  0:00, so the answer is looked for instead of computed. */
function startOfDay(day: CalendarDay, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  // No zone is further than 14 hours from UTC.
  let before = midnight - 15 * 60 * MINUTE_MS;
  let after = midnight + 15 * 60 * MINUTE_MS;
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (wallClockMs(middle, timeZone) < midnight) before = middle;
    else after = middle;
  }
  return after;
}

/** A calendar day as a range of instants: 23 to 25 hours.
 *  @returns from, and the end, which is no longer part of it */
export function boundsOfDay(day: CalendarDay, timeZone: string): { from: Instant; to: Instant } {
  const nextDay = toInstant(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS).slice(0, 10);
  return { from: toInstant(startOfDay(day, timeZone)), to: toInstant(startOfDay(nextDay, timeZone)) };
}

/** The days attended: those on which a sighting began, once each however often the customer came (the rule of
 *  the first seed). Who stays over midnight attends the second day only when a new sighting begins in it.
 *  @returns in order of time */
export function attendedDays(
  sightings: readonly { readonly startedAt: Instant }[],
  timeZone: string,
): AttendedDay[] {
  const first = new Map<CalendarDay, Instant>();
  for (const { startedAt } of sightings) {
    const day = dayOf(startedAt, timeZone);
    first.set(day, earlier(first.get(day) ?? startedAt, startedAt));
  }
  return [...first]
    .map(([day, firstSeenAt]) => ({ day, firstSeenAt }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
