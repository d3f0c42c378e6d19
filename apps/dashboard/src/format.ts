import { strings } from './strings.js';

const MINUTE_MS = 60_000;

/** Local time of day of an instant, e.g. "09:41". */
export function clockTime(instant: string): string {
  return new Date(instant).toLocaleTimeString(strings.locale, { hour: '2-digit', minute: '2-digit' });
}

/** Local day of an instant, e.g. "1 Mar 2026". */
export function dayOf(instant: string): string {
  return new Date(instant).toLocaleDateString(strings.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** "today, 09:41" for an instant of `now`'s day, else "1 Mar 2026, 09:41". */
export function dayAndTime(instant: string, now: Date): string {
  const isToday = calendarDay(new Date(instant)) === calendarDay(now);
  return `${isToday ? strings.time.today : dayOf(instant)}, ${clockTime(instant)}`;
}

/** Local time of an instant, with its day where that is not today: what "since" is followed by. */
export function sinceText(instant: string, now: Date): string {
  const isToday = calendarDay(new Date(instant)) === calendarDay(now);
  return isToday ? clockTime(instant) : `${clockTime(instant)}, ${dayOf(instant)}`;
}

/** Whole minutes from one instant to a later one, never negative. */
export function minutesBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / MINUTE_MS));
}

/** The calendar day of a time in the browser's zone, e.g. "2026-03-01". */
export function calendarDay(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** The instant at which the calendar day of a time began in the browser's zone. */
export function startOfDay(time: Date): string {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).toISOString();
}

/** A calendar day of the shop, e.g. "2026-03-01" gives "1 Mar 2026". */
export function dayText(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return dayOf(new Date(year, month - 1, date, 12).toISOString());
}

/** A month, e.g. "2026-03" gives "Mar 2026". */
export function monthText(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(year, number - 1, 1, 12).toLocaleDateString(strings.locale, {
    month: 'short',
    year: 'numeric',
  });
}

/** A share from 0 to 1 in whole per cent, e.g. "37%". Never "0%" or "100%" for what is only nearly so. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.005) return '<1%';
  if (share < 1 && share >= 0.995) return '>99%';
  return `${Math.round(share * 100)}%`;
}

/** A whole number with its thousands apart, e.g. "12,040". */
export function countText(count: number): string {
  return count.toLocaleString(strings.locale);
}

/** A camera id made from its name: "Till 2 (back)" gives "till-2-back". */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}

/** One or two letters that stand for a name: "Anna Maria Berg" gives "AB". */
export function monogramOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toLocaleUpperCase();
}
