import type { ConversionView, TrafficView } from '@regulars/contracts';
import type { Span } from '../api/value-api.js';
import { calendarDay, dayText, monthText } from '../format.js';

/** Days looked back, by step: four weeks, of which the hours are summed; two years of months. */
const DAYS_BACK = { hour: 27, day: 27, month: 729 } as const;

export interface TrafficLine {
  readonly time: string;
  readonly visits: number;
  readonly strangers: number;
  readonly buyingVisits: number;
  readonly expectedBuyingVisits: number;
  readonly sales: number;
  readonly conversion: number | null;
}

/** The days to ask for: enough of each step to fill a picture. */
export function spanOf(by: Span['by'], now: Date): Span {
  const first = new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS_BACK[by], 12);
  return { by, from: calendarDay(first), to: calendarDay(now) };
}

/** The lines to draw: the hours of the day summed over all days, or every day or month of the span, also those
 *  in which nobody came. */
export function linesOf(
  traffic: TrafficView,
  conversion: ConversionView,
  span: Span,
): readonly TrafficLine[] {
  const lines = withSales(traffic, conversion);
  if (span.by === 'hour') return byHourOfDay(lines);
  const known = new Map(lines.map((line) => [line.time, line]));
  return timesOf(span).map((time) => known.get(time) ?? { ...NOBODY, time });
}

const NOBODY = {
  visits: 0,
  strangers: 0,
  buyingVisits: 0,
  expectedBuyingVisits: 0,
  sales: 0,
  conversion: null,
};

function timesOf({ by, from, to }: Span): readonly string[] {
  const times = new Set<string>();
  const length = by === 'month' ? 'yyyy-mm'.length : 'yyyy-mm-dd'.length;
  for (const at = new Date(`${from}T12:00:00Z`); at.toISOString().slice(0, 10) <= to;) {
    times.add(at.toISOString().slice(0, length));
    at.setUTCDate(at.getUTCDate() + 1);
  }
  return [...times];
}

function byHourOfDay(lines: readonly TrafficLine[]): readonly TrafficLine[] {
  const hours = lines.map(({ time }) => Number(time.slice(11, 13)));
  if (hours.length === 0) return [];
  const first = Math.min(...hours);
  return Array.from({ length: Math.max(...hours) - first + 1 }, (_, index) => {
    const hour = String(first + index).padStart(2, '0');
    const total = totalOf(lines.filter(({ time }) => time.slice(11, 13) === hour));
    const conversion = total.visits === 0 ? null : total.buyingVisits / total.visits;
    return { ...total, time: `${hour}:00`, conversion };
  });
}

/** Visits and what was bought, joined by time, oldest first; a time that only one of the two has is kept. */
export function withSales(traffic: TrafficView, conversion: ConversionView): readonly TrafficLine[] {
  const visits = new Map(traffic.items.map((item) => [item.time, item]));
  const sales = new Map(conversion.items.map((item) => [item.time, item]));
  return [...new Set([...visits.keys(), ...sales.keys()])].sort().map((time) => {
    const sold = sales.get(time);
    return {
      time,
      visits: visits.get(time)?.visits ?? 0,
      strangers: visits.get(time)?.strangers ?? 0,
      buyingVisits: sold?.buyingVisits ?? 0,
      expectedBuyingVisits: sold?.expectedBuyingVisits ?? 0,
      sales: sold?.sales ?? 0,
      conversion: sold?.conversion ?? null,
    };
  });
}

/** The sums of all lines. */
export function totalOf(lines: readonly TrafficLine[]): Omit<TrafficLine, 'time' | 'conversion'> {
  const total = { visits: 0, strangers: 0, buyingVisits: 0, expectedBuyingVisits: 0, sales: 0 };
  for (const line of lines) {
    total.visits += line.visits;
    total.strangers += line.strangers;
    total.buyingVisits += line.buyingVisits;
    total.expectedBuyingVisits += line.expectedBuyingVisits;
    total.sales += line.sales;
  }
  return total;
}

/** A time of the shop for people: "09:00", "1 Mar" or "Mar 2026". */
export function timeText(time: string): string {
  if (time.length === 7) return monthText(time);
  if (time.length === 10) return dayText(time).replace(/ \d{4}$/, '');
  return time;
}
