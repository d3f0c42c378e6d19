const HOUR_MS = 3_600_000;

/** Offsets of a time zone, each hour looked up once: Intl takes microseconds, a file has millions of rows. */
const offsets = new Map<string, number>();
const MOST_OFFSETS = 200_000;

/** An instant from a time as it was on the shop's clock. In the hour that comes twice the first is taken; one that
 *  was skipped is moved on by the skip.
 *  @param localMs the clock's reading as if it were UTC, milliseconds since 1970 */
export function instantOfLocal(localMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return localMs;
  const guess = localMs - offsetAt(localMs, timeZone);
  return localMs - offsetAt(guess, timeZone);
}

/** Milliseconds that the zone is ahead of UTC. */
function offsetAt(instantMs: number, timeZone: string): number {
  const hour = Math.floor(instantMs / HOUR_MS);
  const key = `${timeZone} ${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const at = new Date(hour * HOUR_MS);
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, local - at.getTime());
  return local - at.getTime();
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d)$/;

/** An instant from `2009-12-01 07:45:00`, `2009-12-01`, ISO 8601 with an offset, or `12/1/2010 8:26`. What names no
 *  offset is a time of the shop.
 *  @returns milliseconds since 1970; null when it is no such time */
export function instantOfText(text: string, timeZone: string): number | null {
  const [iso, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', offset] =
    ISO.exec(text) ?? [];
  if (iso !== undefined) {
    const local = utcOf([year, month, day, hour, minute, second]);
    if (local === null || offset === undefined)
      return local === null ? null : instantOfLocal(local, timeZone);
    if (offset === 'Z') return local;
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    return local - (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
  }
  const [american, m = '', d = '', y = '', h = '', min = ''] = AMERICAN.exec(text) ?? [];
  const local = american === undefined ? null : utcOf([y, m, d, h, min, '0']);
  return local === null ? null : instantOfLocal(local, timeZone);
}

/** @returns null for a day or time that there is not, such as 30 February */
function utcOf(texts: readonly string[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = texts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? date.getTime() : null;
}
