import type { SaleRecorded } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 730;

/** Numbers in 0..1 that follow from the seed alone (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A made-up history of two years, customer by customer: rates differ a hundredfold between customers, some leave
 *  on the way, amounts are the customer's own level times chance.
 *  @param sales about so many in all
 *  @param untilMs its end, milliseconds since 1970 */
export function* syntheticSales(
  customers: number,
  sales: number,
  untilMs: number,
): Generator<readonly SaleRecorded[]> {
  const random = randomFrom(20_260_301);
  const mean = sales / customers;
  for (let i = 0; i < customers; i++) {
    const customerId = idFrom('cus', 'synthetic', i);
    const firstMs = untilMs - DAY_MS * HISTORY_DAYS * (0.2 + 0.8 * random());
    // Exponential, so that the mean is kept; at least one purchase makes somebody a customer.
    const count = Math.max(1, Math.round(-Math.log(1 - random()) * mean));
    const stays = random() < 0.4 ? random() : 1;
    const level = 500 + 6_000 * random() ** 3;
    const of: SaleRecorded[] = [];
    for (let j = 0; j < count; j++) {
      const atMs = j === 0 ? firstMs : firstMs + (untilMs - firstMs) * stays * random();
      const amountMinor = Math.round(level * (0.4 + 1.2 * random()));
      const saleId = idFrom('sal', 'synthetic', i, j);
      const occurredAt = new Date(Math.floor(atMs)).toISOString();
      of.push({
        saleId,
        storeId: 'main',
        tillId: null,
        customerId,
        occurredAt,
        amountMinor,
        currency: 'EUR',
        items: null,
      });
    }
    yield of;
  }
}
