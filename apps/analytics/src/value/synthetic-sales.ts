import { idFrom } from '@regulars/contracts/ids';

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 730;

/** Numbers in 0..1 that follow from the seed alone (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** One made-up purchase. */
export interface SyntheticSale {
  /** 0 to the number of customers - 1. */
  readonly customer: number;
  /** 0 to the number of sales - 1, in order of time. */
  readonly sale: number;
  readonly atMs: number;
  readonly amountMinor: number;
}

export const syntheticCustomerId = (customer: number) => idFrom('cus', 'synthetic', customer);
export const syntheticSaleId = (sale: number) => idFrom('sal', 'synthetic', sale);

/** A made-up history of two years in the order in which it happened, as a till's export has it: rates differ a
 *  hundredfold between customers, some leave on the way, amounts are the customer's own level times chance.
 *  Needs 8 bytes a sale.
 *  @param sales about so many in all
 *  @param untilMs its end, milliseconds since 1970 */
export function* syntheticSales(customers: number, sales: number, untilMs: number): Generator<SyntheticSale> {
  const random = randomFrom(20_260_301);
  const { days, of } = purchases(customers, sales, random);
  const startMs = untilMs - DAY_MS * HISTORY_DAYS;
  let place = 0;
  for (let day = 0; day < HISTORY_DAYS; day++) {
    const count = days[day] ?? 0;
    for (let i = 0; i < count; i++) {
      const customer = of[place] ?? 0;
      // The customer's own level follows from the number alone.
      const level = 500 + 6_000 * (((customer * 48_271) % 65_537) / 65_537) ** 3;
      const atMs = Math.floor(startMs + DAY_MS * (day + (i + random()) / count));
      yield { customer, sale: place, atMs, amountMinor: Math.round(level * (0.4 + 1.2 * random())) };
      place += 1;
    }
  }
}

/** Who bought on which day: purchases of each day, and their customers, day after day. */
function purchases(customers: number, sales: number, random: () => number) {
  const mean = sales / customers;
  const spans = new Float32Array(2 * customers);
  const counts = new Uint32Array(customers);
  let total = 0;
  for (let i = 0; i < customers; i++) {
    const first = HISTORY_DAYS * (1 - (0.2 + 0.8 * random()));
    // Exponential, so that the mean is kept; at least one purchase makes somebody a customer.
    const count = Math.max(1, Math.round(-Math.log(1 - random()) * mean));
    const stays = random() < 0.4 ? random() : 1;
    spans[2 * i] = first;
    spans[2 * i + 1] = (HISTORY_DAYS - first) * stays;
    counts[i] = count;
    total += count;
  }
  const dayOf = new Uint16Array(total);
  const days = new Uint32Array(HISTORY_DAYS);
  let next = 0;
  for (let i = 0; i < customers; i++) {
    for (let j = 0; j < (counts[i] ?? 0); j++) {
      const at = (spans[2 * i] ?? 0) + (j === 0 ? 0 : (spans[2 * i + 1] ?? 0) * random());
      const day = Math.min(HISTORY_DAYS - 1, Math.floor(at));
      dayOf[next++] = day;
      days[day] = (days[day] ?? 0) + 1;
    }
  }
  const starts = new Uint32Array(HISTORY_DAYS);
  for (let day = 1; day < HISTORY_DAYS; day++) starts[day] = (starts[day - 1] ?? 0) + (days[day - 1] ?? 0);
  const of = new Uint32Array(total);
  next = 0;
  for (let i = 0; i < customers; i++)
    for (let j = 0; j < (counts[i] ?? 0); j++) {
      const day = dayOf[next++] ?? 0;
      const place = starts[day] ?? 0;
      of[place] = i;
      starts[day] = place + 1;
    }
  return { days, of };
}
