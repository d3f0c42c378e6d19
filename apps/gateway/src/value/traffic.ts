import { RegularsError, type ConversionView, type TrafficQuery, type TrafficView } from '@regulars/contracts';
import type { SaleLink, VisitRecord } from '@regulars/persistence';
import { around, dateOfDay, dayOfDate, type ShopCalendar, type Step } from './shop-calendar.js';

/** Days that one answer covers at most, so that it stays an answer and not an export. */
const MOST_DAYS: Readonly<Record<Step, number>> = { hour: 31, day: 400, month: 1_100 };
const USUAL_DAYS = 7;

export interface Span {
  readonly fromDay: number;
  readonly toDay: number;
  /** Instants that hold it in any time zone. */
  readonly time: { readonly from: string; readonly to: string };
}

/** The days that are asked for.
 *  @throws RegularsError REQUEST_INVALID when they are too many or end before they begin */
export function spanOf({ by, from, to }: Pick<TrafficQuery, 'by' | 'from' | 'to'>, today: number): Span {
  const toDay = to === undefined ? today : dayOfDate(to);
  const fromDay = from === undefined ? toDay - USUAL_DAYS + 1 : dayOfDate(from);
  if (fromDay > toDay) throw new RegularsError('REQUEST_INVALID', { from: 'is after the last day' });
  if (toDay - fromDay >= MOST_DAYS[by]) {
    const reason = `at most ${MOST_DAYS[by]} days by ${by}`;
    throw new RegularsError('REQUEST_INVALID', { from: reason, to: dateOfDay(toDay) });
  }
  return { fromDay, toDay, time: around(fromDay, toDay) };
}

interface Count {
  visits: number;
  customers: Set<string>;
  strangers: number;
  buyingVisits: Set<string>;
  expected: Map<string, number>;
  sales: number;
}

/** Counts visits and sales by the time at which they began. */
export class TrafficCount {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly calendar: ShopCalendar,
    private readonly by: Step,
    private readonly span: Span,
    /** Whose visits do not count. */
    private readonly staff: ReadonlySet<string> = new Set(),
  ) {}

  private at(instant: string): Count | null {
    const day = this.calendar.dayOf(instant);
    if (day < this.span.fromDay || day > this.span.toDay) return null;
    const time = this.calendar.timeOf(instant, this.by);
    let count = this.counts.get(time);
    if (count === undefined) {
      count = {
        visits: 0,
        customers: new Set(),
        strangers: 0,
        buyingVisits: new Set(),
        expected: new Map(),
        sales: 0,
      };
      this.counts.set(time, count);
    }
    return count;
  }

  addVisit({ startedAt, visitor, merged }: VisitRecord): void {
    const isStaff = visitor.kind === 'customer' && this.staff.has(visitor.customerId);
    const count = merged === null && !isStaff ? this.at(startedAt) : null;
    if (count === null) return;
    count.visits += 1;
    if (visitor.kind === 'customer') count.customers.add(visitor.customerId);
    else count.strangers += 1;
  }

  addSale(occurredAt: string): void {
    const count = this.at(occurredAt);
    if (count) count.sales += 1;
  }

  /** A sale that belongs to a visit: the visit bought, at the time at which it began.
   *  @param startedAt when the visit began */
  addLink({ visitId, probability, isSure }: SaleLink, startedAt: string): void {
    const count = visitId === null ? null : this.at(startedAt);
    if (count === null || visitId === null) return;
    if (isSure) count.buyingVisits.add(visitId);
    count.expected.set(visitId, Math.max(probability, count.expected.get(visitId) ?? 0));
  }

  private sorted(): [string, Count][] {
    return [...this.counts].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  traffic(): TrafficView['items'] {
    return this.sorted().map(([time, { visits, customers, strangers }]) => {
      return { time, visits, customers: customers.size, strangers };
    });
  }

  conversion(): ConversionView['items'] {
    return this.sorted().map(([time, { visits, buyingVisits, expected, sales }]) => ({
      time,
      visits,
      buyingVisits: buyingVisits.size,
      expectedBuyingVisits: [...expected.values()].reduce((sum, probability) => sum + probability, 0),
      sales,
      conversion: visits === 0 ? null : Math.min(1, buyingVisits.size / visits),
    }));
  }
}
