import { seriesOf, type PurchaseSeries } from '../forecast/series.js';
import { normalOf, randomOf } from '@regulars/contracts/random';
import { bucketsOf } from '../sales/buckets.js';
import { calendarMonths } from '../sales/periods.js';
import type { Sale } from '../sales/sale.js';

/** A shop whose customers buy at a rate of their own, spend an amount of their own, and leave by chance after a
 *  purchase. */
export interface ShopPlan {
  readonly customers: number;
  readonly months: number;
  readonly seed: number;
  /** Chance to leave after a purchase. */
  readonly leaves?: number;
  /** Largest rate of purchases a month. */
  readonly rate?: number;
  /** What satisfaction is worth: `none`: no cameras; `noise`: faces say nothing; `telling`: who looks dissatisfied
   *  leaves six times as often. */
  readonly cameras?: 'none' | 'noise' | 'telling';
}

const MONTH_MS = 30.4375 * 86_400_000;
const START_MS = Date.UTC(2020, 0, 1);
const FIRST = 2020 * 12;

export function generatedShop(plan: ShopPlan): PurchaseSeries {
  const { customers, months, seed, leaves = 0.12, rate = 1.2, cameras = 'none' } = plan;
  const random = randomOf(seed);
  const sales: Sale[] = [];
  const looks: { readonly customerId: string; readonly atMs: number; readonly satisfaction: number }[] = [];
  for (let customer = 0; customer < customers; customer += 1) {
    const customerId = `c${customer}`;
    const own = rate * random() ** 2 + 0.05;
    const amount = 2_000 * Math.exp(0.6 * normalOf(random));
    for (let month = random() * months * 0.8; month < months; month += -Math.log(1 - random()) / own) {
      const occurredAtMs = START_MS + month * MONTH_MS;
      const amountMinor = Math.max(1, Math.round(amount * Math.exp(0.3 * normalOf(random))));
      sales.push({ saleId: `s${sales.length}`, customerId, occurredAtMs, amountMinor });
      const satisfaction = random();
      looks.push({ customerId, atMs: occurredAtMs, satisfaction });
      const chance = cameras === 'telling' ? leaves * (satisfaction < 0.3 ? 3 : 0.15) : leaves;
      if (random() < chance) break;
    }
  }
  const periods = calendarMonths();
  const until = START_MS + months * MONTH_MS;
  const series = seriesOf(
    bucketsOf(
      sales.filter(({ occurredAtMs }) => occurredAtMs < until),
      periods,
    ),
    periods,
    FIRST,
    months,
  );
  return cameras === 'none' ? series : withLooks(series, looks);
}

function withLooks(
  series: PurchaseSeries,
  looks: readonly { readonly customerId: string; readonly atMs: number; readonly satisfaction: number }[],
): PurchaseSeries {
  const rowOf = new Map(series.customerIds.map((id, row) => [id, row]));
  const visitDays = new Float64Array(series.orders.length);
  const satisfaction = new Float64Array(series.orders.length).fill(NaN);
  for (const { customerId, atMs, satisfaction: seen } of looks) {
    const row = rowOf.get(customerId);
    const period = series.periods.indexOf(series.periods.dayOf(atMs)) - series.first;
    if (row === undefined || period >= series.count) continue;
    const at = row * series.count + period;
    visitDays[at] = (visitDays[at] ?? 0) + 1;
    // The latest look of a period stands for it.
    satisfaction[at] = seen;
  }
  return { ...series, signals: { visitDays, satisfaction } };
}
