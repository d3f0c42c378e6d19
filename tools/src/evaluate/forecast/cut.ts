import {
  bucketsOf,
  calendarMonths,
  dateOfDay,
  dayOfDate,
  periodsNeeded,
  type Periods,
  type PurchaseSeries,
  type Sale,
  seriesOf,
  spansOfDays,
} from '@regulars/customer-value';

/** How a file of sales is cut into periods. */
export interface Cut {
  readonly series: PurchaseSeries;
  /** In words, for the heading. */
  readonly period: string;
  /** What was decided because of the data. */
  readonly notes: readonly string[];
}

export interface CutOptions {
  readonly origins: number;
  /** Last day that is known, e.g. 2011-11-30; the last sale's when absent. */
  readonly until?: string;
  /** Days that a forecast covers; three calendar months when absent. */
  readonly horizonDays?: number;
}

/** A month that the data leave before its last days still counts as whole: a shop may be closed on them. */
const CLOSED_DAYS = 3;

/** Periods of a forecast. */
const HORIZON = 3;

/** @returns null when no sale lies before the end */
export function cutSales(sales: readonly Sale[], options: CutOptions): Cut | null {
  const months = calendarMonths();
  const until = options.until === undefined ? null : dayOfDate(options.until);
  const days = sales.map(({ occurredAtMs }) => months.dayOf(occurredAtMs));
  const [firstDay, lastDay] = days.reduce(
    ([first, last], day) =>
      until !== null && day > until ? [first, last] : [Math.min(first, day), Math.max(last, day)],
    [Infinity, -Infinity],
  );
  if (lastDay < firstDay) return null;
  const endDay = until ?? lastDay;
  const known = sales.filter((_, index) => (days[index] ?? 0) <= endDay);
  const notes: string[] = [];
  if (options.horizonDays === undefined) {
    const reach = until === null ? endDay + CLOSED_DAYS : endDay;
    const [first, last] = [months.indexOf(firstDay), months.indexOf(reach + 1) - 1];
    if (last - first + 1 >= periodsNeeded(1))
      return {
        series: seriesOf(bucketsOf(known, months), months, first, last - first + 1),
        period: 'months',
        notes,
      };
    notes.push(`${Math.max(0, last - first + 1)} whole months are too few, so shorter periods are taken`);
  }
  const historyDays = endDay - firstDay + 1;
  const wanted = options.horizonDays ?? (HORIZON * historyDays) / periodsNeeded(options.origins);
  const length = Math.max(
    1,
    options.horizonDays === undefined ? Math.floor(wanted / HORIZON) : Math.round(wanted / HORIZON),
  );
  if (options.horizonDays !== undefined && length * HORIZON !== options.horizonDays)
    notes.push(
      `a forecast covers three periods, so ${length * HORIZON} days instead of ${options.horizonDays}`,
    );
  return {
    series: spans(known, spansOfDays(length, endDay + 1), firstDay, endDay),
    period: `spans of ${length} days`,
    notes,
  };
}

function spans(sales: readonly Sale[], periods: Periods, firstDay: number, endDay: number): PurchaseSeries {
  const [first, last] = [periods.indexOf(firstDay), periods.indexOf(endDay)];
  return seriesOf(bucketsOf(sales, periods), periods, first, last - first + 1);
}

/** First and last day of a series. */
export function spanOf({ periods, first, count }: PurchaseSeries): string {
  return `${dateOfDay(periods.startOf(first))} to ${dateOfDay(periods.startOf(first + count) - 1)}`;
}
