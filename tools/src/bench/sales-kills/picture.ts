import {
  BucketsRepository,
  CustomersRepository,
  type DocumentStore,
  LedgerRepository,
  SalesRepository,
} from '@regulars/persistence';

/** What a day left: sales and refunds as they came in, as they count, and customers' months; by the operator's own
 *  numbers, since our ids of customers are others in every run. */
export interface Picture {
  readonly sales: readonly string[];
  readonly ledger: readonly string[];
  readonly months: readonly string[];
  /** Nothing waits to be told or to be counted. */
  readonly isSettled: boolean;
}

const ALWAYS = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

export async function pictureOf(store: DocumentStore): Promise<Picture> {
  const customers = new CustomersRepository(store);
  const numbers = new Map<string, string | null>();
  const numberOf = async (customerId: string | null) => {
    if (customerId === null) return null;
    const known = numbers.get(customerId) ?? (await customers.get(customerId))?.externalId ?? null;
    numbers.set(customerId, known);
    return known;
  };
  const records = new SalesRepository(store);
  const sales: string[] = [];
  for await (const { receivedAt: _, customerId, ...sale } of records.ofStore('main'))
    sales.push(JSON.stringify([sale.id, sale, await numberOf(customerId)]));
  const ledger: string[] = [];
  let isSettled = (await records.untoldCount()) === 0;
  for await (const entry of new LedgerRepository(store).ofStore('main', ALWAYS)) {
    const { ownerId, namedCustomerId, due, isTold, entryId, ...rest } = entry;
    isSettled &&= due.length === 0 && isTold;
    // A refund is told with its sale's customer where the sale was there first; whose it counts to is the same.
    const named = entry.kind === 'sale' ? await numberOf(namedCustomerId) : null;
    ledger.push(JSON.stringify([entryId, rest, await numberOf(ownerId), named]));
  }
  const months: string[] = [];
  for await (const { customerId, buckets } of new BucketsRepository(store).byCustomer()) {
    const own = buckets.map(({ customerId: _, ...bucket }) => bucket);
    if (own.length > 0) months.push(JSON.stringify([await numberOf(customerId), own]));
  }
  return { sales: sales.sort(), ledger: ledger.sort(), months: months.sort(), isSettled };
}

/** Lines that only one of the two has. */
export function differences(ones: readonly string[], others: readonly string[]): string[] {
  const [one, other] = [new Set(ones), new Set(others)];
  return [...ones.filter((line) => !other.has(line)), ...others.filter((line) => !one.has(line))];
}
