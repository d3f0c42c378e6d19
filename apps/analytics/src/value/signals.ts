import type { Periods, PurchaseSeries, VisitSignals } from '@regulars/customer-value';
import type { VisitsRepository } from '@regulars/persistence';

/** What the cameras saw of a customer in a month. */
interface SeenMonth {
  readonly days: Set<number>;
  sum: number;
  scored: number;
}

const PAGE = 200;

/** Days on which cameras saw the customers, and their satisfaction, by month. */
export class VisitMonths {
  private readonly byCustomer = new Map<string, Map<number, SeenMonth>>();
  private first = Infinity;

  /** Reads all visits of known customers.
   *  @param signal ends the reading */
  static async read(
    visits: Pick<VisitsRepository, 'list'>,
    months: Periods,
    signal: AbortSignal,
  ): Promise<VisitMonths> {
    const seen = new VisitMonths();
    let cursor: string | undefined;
    do {
      signal.throwIfAborted();
      const page = await visits.list({ limit: PAGE, cursor });
      for (const { visit } of page.items) {
        if (visit.visitor.kind !== 'customer') continue;
        const day = months.dayOf(Date.parse(visit.startedAt));
        seen.add(visit.visitor.customerId, { day, period: months.indexOf(day) }, visit.satisfaction.score);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return seen;
  }

  get isEmpty(): boolean {
    return this.byCustomer.size === 0;
  }

  private add(customerId: string, at: { day: number; period: number }, satisfaction: number | null): void {
    const own = this.byCustomer.get(customerId) ?? new Map<number, SeenMonth>();
    this.byCustomer.set(customerId, own);
    const month = own.get(at.period) ?? { days: new Set<number>(), sum: 0, scored: 0 };
    own.set(at.period, month);
    month.days.add(at.day);
    this.first = Math.min(this.first, at.period);
    if (satisfaction === null) return;
    month.sum += satisfaction;
    month.scored += 1;
  }

  /** Columns like those of the series. Before the first visit of anybody nothing is known, afterwards who was not
   *  seen was not there. */
  columnsFor({ customerIds, first, count }: Omit<PurchaseSeries, 'periods'>): VisitSignals {
    const visitDays = new Float64Array(customerIds.length * count).fill(NaN);
    const satisfaction = new Float64Array(customerIds.length * count).fill(NaN);
    customerIds.forEach((customerId, row) => {
      const own = this.byCustomer.get(customerId);
      for (let at = 0; at < count; at += 1) {
        const period = first + at;
        if (period < this.first) continue;
        const month = own?.get(period);
        visitDays[row * count + at] = month?.days.size ?? 0;
        if (month !== undefined && month.scored > 0)
          satisfaction[row * count + at] = month.sum / month.scored;
      }
    });
    return { visitDays, satisfaction };
  }
}
