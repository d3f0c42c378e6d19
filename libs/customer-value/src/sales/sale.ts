/** One line of a shop's ledger as the mathematics sees it; currency was settled by whoever read it. */
export interface Sale {
  /** Unique in the ledger: a second sale with the same id is a redelivery. */
  readonly saleId: string;
  readonly customerId: string;
  /** Milliseconds since 1970 UTC, by the till's clock. */
  readonly occurredAtMs: number;
  /** In the currency's minor unit; negative for money given back. */
  readonly amountMinor: number;
  /** Id of the sale that this one takes back wholly, where the till says so. */
  readonly reverses?: string;
}

/** A ledger in an order of its own: each id once, by time. What arrived first makes no difference, not even
 *  where two deliveries of one id disagree. */
export function orderedOnce(sales: Iterable<Sale>): Sale[] {
  const byId = new Map<string, Sale>();
  for (const sale of sales) {
    const known = byId.get(sale.saleId);
    if (known === undefined || compareSales(sale, known) < 0) byId.set(sale.saleId, sale);
  }
  return [...byId.values()].sort(compareSales);
}

function compareSales(one: Sale, other: Sale): number {
  return (
    one.occurredAtMs - other.occurredAtMs ||
    other.amountMinor - one.amountMinor ||
    compareTexts(one.saleId, other.saleId) ||
    compareTexts(one.customerId, other.customerId)
  );
}

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Drops sales that were taken back wholly, and what took them back: the sale that `reverses` names, else the
 *  customer's latest one before of the same amount that is not taken yet. Other refunds stay.
 *  @param sales as `orderedOnce` gives them */
export function withoutReversals(sales: readonly Sale[]): Sale[] {
  const dropped = new Set<string>();
  const isNamed = new Set(sales.flatMap(({ reverses }) => (reverses === undefined ? [] : [reverses])));
  const open = new Map<string, Sale[]>();
  for (const sale of sales) {
    if (sale.reverses !== undefined || isNamed.has(sale.saleId)) continue;
    if (sale.amountMinor > 0) {
      const key = `${sale.amountMinor} ${sale.customerId}`;
      const alike = open.get(key);
      if (alike === undefined) open.set(key, [sale]);
      else alike.push(sale);
      continue;
    }
    const taken = open.get(`${-sale.amountMinor} ${sale.customerId}`)?.pop();
    if (taken !== undefined) dropped.add(taken.saleId).add(sale.saleId);
  }
  const ids = new Set(sales.map(({ saleId }) => saleId));
  for (const { saleId, reverses } of sales)
    if (reverses !== undefined && ids.has(reverses)) dropped.add(reverses).add(saleId);
  return sales.filter(({ saleId }) => !dropped.has(saleId));
}
