import type { CohortsView, Instant } from '@regulars/contracts';
import {
  cohortsOf,
  fitClasses,
  netMinorOf,
  rfmCuts,
  rfmOf,
  type ClassWindows,
  type PeriodBucket,
  type Rfm,
  type ScoreCuts,
} from '@regulars/customer-value';
import type { MonthBucket, Segmentation } from '@regulars/persistence';
import { mainCurrencyOf, periodBucketsOf } from './buckets.js';
import { CLASS_PERIODS, type Today } from './values.js';

/** With fewer customers of a currency than this the starting cuts tell more than fifths do. */
export const FEWEST_TO_COMPARE = 30;
/** Windows that the classes are fitted to at most. */
const MOST_WINDOWS = 200_000;
/** Windows of a customer's past that the classes are fitted to: two years of quarters. */
const WINDOWS_EACH = 8;

interface Population {
  readonly rfm: Rfm[];
  readonly windows: { orders: number[]; spendMinor: number[] };
}

/** Gathers, customer by customer, what all of them are compared by. */
export class Census {
  private readonly populations = new Map<string, Population>();
  private readonly cohorts = new Map<number, { customers: number; active: number[] }>();
  private pending: PeriodBucket[][] = [];
  customers = 0;

  constructor(private readonly today: Today) {}

  add(buckets: readonly MonthBucket[]): void {
    const currency = mainCurrencyOf(buckets);
    if (currency === null) return;
    const months = periodBucketsOf(buckets, currency);
    const rfm = rfmOf(months, this.today.day);
    if (rfm === null) return;
    this.customers += 1;
    const population = this.populations.get(currency) ?? { rfm: [], windows: { orders: [], spendMinor: [] } };
    this.populations.set(currency, population);
    population.rfm.push(rfm);
    addWindows(population.windows, months, this.today.period);
    this.pending.push(months);
    if (this.pending.length >= 10_000) this.flush();
  }

  private flush(): void {
    for (const { period, customers, active } of cohortsOf(this.pending, this.today.period)) {
      const known = this.cohorts.get(period);
      if (known === undefined) this.cohorts.set(period, { customers, active: [...active] });
      else {
        known.customers += customers;
        active.forEach((count, index) => (known.active[index] = (known.active[index] ?? 0) + count));
      }
    }
    this.pending = [];
  }

  cohortsView(): CohortsView {
    this.flush();
    const cohorts = [...this.cohorts].sort(([one], [other]) => one - other);
    return {
      computedAt: this.today.at,
      cohorts: cohorts.map(([period, { customers, active }]) => ({
        month: monthOf(period),
        customers,
        active,
      })),
    };
  }

  /** Centroids of an earlier segmentation stay, so that a class changes because of the customer. */
  segmentation(before: Segmentation | null, computedAt: Instant): Omit<Segmentation, 'seconds'> {
    const version = (before?.version ?? 0) + 1;
    const cuts: Segmentation['cuts'] = {};
    const classes: Record<string, unknown> = { ...before?.classes };
    for (const [currency, { rfm, windows }] of this.populations) {
      if (rfm.length < FEWEST_TO_COMPARE) continue;
      const { recency, frequency, monetary } = rfmCuts(rfm);
      cuts[currency] = {
        recency: stored(recency),
        frequency: stored(frequency),
        monetary: stored(monetary),
      };
      if (!(currency in classes) && differing(windows) >= FEWEST_TO_COMPARE)
        classes[currency] = fitClasses(windows, `${currency}-${version}`, CLASS_PERIODS);
    }
    return { version, computedAt, customers: this.customers, cuts, classes };
  }
}

const stored = (cuts: ScoreCuts) => cuts.map((cut) => (Number.isFinite(cut) ? cut : null));

/** Months as 2026-03. */
export function monthOf(period: number): string {
  return new Date(Date.UTC(Math.floor(period / 12), period % 12)).toISOString().slice(0, 7);
}

function differing({ orders, spendMinor }: ClassWindows): number {
  return new Set(orders.map((count, index) => `${count} ${spendMinor[index] ?? 0}`)).size;
}

function addWindows(
  windows: { orders: number[]; spendMinor: number[] },
  months: readonly PeriodBucket[],
  period: number,
): void {
  for (let back = 0; back < WINDOWS_EACH && windows.orders.length < MOST_WINDOWS; back++) {
    const last = period - back * CLASS_PERIODS;
    const inWindow = months.filter((month) => month.period <= last && month.period > last - CLASS_PERIODS);
    const orders = inWindow.reduce((sum, month) => sum + month.orders, 0);
    if (orders === 0) continue;
    windows.orders.push(orders);
    windows.spendMinor.push(inWindow.reduce((sum, month) => sum + netMinorOf(month), 0));
  }
}
