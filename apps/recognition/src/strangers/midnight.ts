const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function dayOf(epochMs: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    formats.set(timeZone, format);
  }
  return format.format(epochMs);
}

/** The end of the calendar day on the shop's wall, looked for instead of computed because some days have 23 or 25
 *  hours; at most a minute late.
 *  @param timeZone IANA name
 *  @returns milliseconds since 1970 */
export function nextMidnight(nowMs: number, timeZone: string): number {
  const today = dayOf(nowMs, timeZone);
  let before = Math.floor(nowMs / MINUTE_MS);
  let after = Math.ceil((nowMs + 1.1 * DAY_MS) / MINUTE_MS);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(middle * MINUTE_MS, timeZone) === today) before = middle;
    else after = middle;
  }
  return after * MINUTE_MS;
}
