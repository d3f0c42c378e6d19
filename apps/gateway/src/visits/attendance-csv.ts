import type { AttendanceView } from '@regulars/contracts';

export const ATTENDANCE_HEADER = 'Name,Date,Time,CustomerId,Store\r\n';

/** A first character with which a spreadsheet takes the cell for a formula (OWASP, "CSV injection"). */
const FORMULA_START = /^[=+\-@\t\r]/;

/** One cell by RFC 4180, harmless in a spreadsheet: a text that would be a formula gets an apostrophe. */
export function csvCell(text: string): string {
  const harmless = FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Clock time of an instant in a time zone, e.g. 09:30:05. */
export function clockTime(timeZone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (instant) => format.format(new Date(instant));
}

/** One line a customer and day, with the time of the first sighting (paper 1, figure 10). */
export function attendanceLine(view: AttendanceView, timeOf: (instant: string) => string): string {
  const cells = [view.displayName ?? '', view.day, timeOf(view.firstSeenAt), view.customerId, view.storeId];
  return `${cells.map(csvCell).join(',')}\r\n`;
}
