const DAY_MS = 86_400_000;
/** No zone is further than this from UTC. */
const ZONE_MS = 15 * 3_600_000;

export type Step = 'hour' | 'day' | 'month';

/** The calendar on the shop's wall. */
export interface ShopCalendar {
  /** Whole days since 1970-01-01. */
  dayOf(instant: string | number): number;
  /** 2026-03, 2026-03-01 or 2026-03-01T09. */
  timeOf(instant: string, by: Step): string;
}

const LENGTH: Readonly<Record<Step, number>> = { hour: 13, day: 10, month: 7 };

/** @param timeZone IANA name, such as Europe/Berlin */
export function shopCalendar(timeZone: string): ShopCalendar {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  const wall = (instant: string | number): string => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(new Date(instant))) part[type] = value;
    return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}`;
  };
  return {
    dayOf: (instant) => dayOfDate(wall(instant).slice(0, 10)),
    timeOf: (instant, by) => wall(instant).slice(0, LENGTH[by]),
  };
}

/** Days since 1970-01-01 of a date such as 2026-03-01. */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** 2026-03-01 of days since 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Instants that certainly hold both days whole, in any time zone. */
export function around(fromDay: number, toDay: number): { from: string; to: string } {
  return {
    from: new Date(fromDay * DAY_MS - ZONE_MS).toISOString(),
    to: new Date((toDay + 1) * DAY_MS + ZONE_MS).toISOString(),
  };
}
