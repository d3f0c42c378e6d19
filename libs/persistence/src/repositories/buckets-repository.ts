import { CurrencyCode, CustomerId, TransientError } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';
import { saveRevision } from './revisions.js';

const amount = z.int().min(0);

/** What one customer did in one month of the shop's time zone. */
export const MonthBucket = z.strictObject({
  customerId: CustomerId,
  /** 12 * year + month - 1. */
  period: z.int(),
  /** Purchases in any currency, and the days with one. */
  orders: amount,
  days: amount,
  /** Since 1970-01-01; null without a purchase. */
  firstDay: z.int().nullable(),
  lastDay: z.int().nullable(),
  currencies: z.record(
    CurrencyCode,
    z.strictObject({ orders: amount, grossMinor: amount, refundsMinor: amount }),
  ),
});
export type MonthBucket = Readonly<z.infer<typeof MonthBucket>>;

const Month = MonthBucket.omit({ customerId: true });
const MonthsDocument = z.strictObject({
  _id: CustomerId,
  /** Oldest first, those in which something was bought or given back. */
  months: z.array(Month),
  revision: z.int().min(1),
});
type MonthsDocument = z.infer<typeof MonthsDocument>;
const FIELDS = Object.keys(MonthsDocument.shape);

/** One document a customer: 20 purchases fall into about ten months, which are always read together. */
const MONTHS: CollectionSpec = { name: 'customer_months', indexes: [] };
const PAGE = 500;

/** All months of a customer, oldest first. */
export interface CustomerMonths {
  readonly customerId: string;
  readonly buckets: readonly MonthBucket[];
}

function bucketsOf({ _id, months }: MonthsDocument): MonthBucket[] {
  return months.map((month) => ({ customerId: _id, ...month }));
}

function monthsOf(buckets: readonly MonthBucket[]): MonthsDocument['months'] {
  return buckets
    .filter(({ currencies }) => Object.keys(currencies).length > 0)
    .map(({ customerId: _customerId, ...month }) => month)
    .sort((one, other) => one.period - other.period);
}

/** Sums of the ledger by customer and month. */
export class BucketsRepository {
  private readonly months: Collection<MonthsDocument>;

  constructor(store: DocumentStore) {
    this.months = store.collection(MONTHS);
  }

  /** Of all months of the customer together; 0 when there are none. */
  async revisionOf(customerId: string): Promise<number> {
    return (await this.months.get(customerId))?.revision ?? 0;
  }

  /** Writes one month among the others.
   *  @param expected revision that was read, 0 when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(bucket: MonthBucket, expected: number): Promise<void> {
    const { customerId, period } = bucket;
    const stored = await this.months.get(customerId);
    if ((stored?.revision ?? 0) !== expected)
      throw new TransientError('REVISION_CONFLICT', { id: customerId });
    const others = stored === null ? [] : bucketsOf(stored).filter((other) => other.period !== period);
    const months = monthsOf([...others, bucket]);
    const document = MonthsDocument.parse({ _id: customerId, months, revision: 1 });
    await saveRevision(this.months, document, expected === 0 ? null : expected, FIELDS);
  }

  /** Writes all months of many customers over what is there. Whoever writes one of them meanwhile finds another
   *  revision; whether something was counted in between must be looked at afterwards. */
  async putMany(customers: readonly CustomerMonths[]): Promise<void> {
    const known = await this.months.getAll(customers.map(({ customerId }) => customerId));
    const revisions = new Map(known.map(({ _id, revision }) => [_id, revision]));
    await this.months.bulk(
      customers.map(({ customerId, buckets }) => {
        const revision = (revisions.get(customerId) ?? 0) + 1;
        const document = { _id: customerId, months: monthsOf(buckets), revision };
        return { kind: 'replace', document } as const;
      }),
    );
  }

  /** A customer's months, oldest first. */
  async of(customerId: string): Promise<MonthBucket[]> {
    const document = await this.months.get(customerId);
    return document === null ? [] : bucketsOf(document);
  }

  /** Those of many customers, of whom there are any. */
  async ofMany(customerIds: readonly string[]): Promise<Map<string, readonly MonthBucket[]>> {
    const documents = await this.months.getAll(customerIds);
    return new Map(documents.map((document) => [document._id, bucketsOf(document)]));
  }

  /** All customers, by id. */
  async *byCustomer(): AsyncGenerator<CustomerMonths> {
    for await (const document of this.months.each({ limit: PAGE }))
      yield { customerId: document._id, buckets: bucketsOf(document) };
  }

  /** Erasure. @returns whether there were any */
  removeOfCustomer(customerId: string): Promise<boolean> {
    return this.months.delete(customerId);
  }
}
