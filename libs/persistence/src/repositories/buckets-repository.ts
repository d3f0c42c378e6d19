import { CurrencyCode, CustomerId } from '@regulars/contracts';
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

const BucketDocument = z.strictObject({
  ...MonthBucket.shape,
  _id: z.string(),
  revision: z.int().min(1),
});
type BucketDocument = z.infer<typeof BucketDocument>;
const FIELDS = Object.keys(BucketDocument.shape);

const BUCKETS: CollectionSpec = {
  name: 'month_buckets',
  indexes: [{ name: 'customer', fields: ['customerId', 'period'] }],
};

function bucketOf({ _id, revision: _revision, ...bucket }: BucketDocument): MonthBucket {
  return bucket;
}

const keyOf = (customerId: string, period: number) => `${customerId} ${period}`;

/** Sums of the ledger by customer and month. */
export class BucketsRepository {
  private readonly buckets: Collection<BucketDocument>;

  constructor(store: DocumentStore) {
    this.buckets = store.collection(BUCKETS);
  }

  /** @returns 0 when there is none */
  async revisionOf(customerId: string, period: number): Promise<number> {
    return (await this.buckets.get(keyOf(customerId, period)))?.revision ?? 0;
  }

  /** @param expected revision that was read, 0 when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(bucket: MonthBucket, expected: number): Promise<void> {
    const { customerId, period } = bucket;
    const document = BucketDocument.parse({ _id: keyOf(customerId, period), ...bucket, revision: 1 });
    await saveRevision(this.buckets, document, expected === 0 ? null : expected, FIELDS);
  }

  /** Writes many at once over what is there; nothing else may write meanwhile. */
  async putMany(buckets: readonly MonthBucket[]): Promise<void> {
    await this.buckets.bulk(
      buckets.map((bucket) => {
        const _id = keyOf(bucket.customerId, bucket.period);
        return { kind: 'replace', document: { _id, ...bucket, revision: 1 } } as const;
      }),
    );
  }

  /** A customer's months, oldest first. */
  async of(customerId: string): Promise<MonthBucket[]> {
    const found: MonthBucket[] = [];
    for await (const document of this.buckets.each({ where: { customerId }, limit: 500 }))
      found.push(bucketOf(document));
    return found;
  }

  /** All customers, each with all months, oldest first. */
  async *byCustomer(): AsyncGenerator<{ customerId: string; buckets: MonthBucket[] }> {
    const sort = [
      ['customerId', 'asc'],
      ['period', 'asc'],
    ] as const;
    let buckets: MonthBucket[] = [];
    for await (const document of this.buckets.each({ sort, limit: 1_000 })) {
      const [first] = buckets;
      if (first && first.customerId !== document.customerId) {
        yield { customerId: first.customerId, buckets };
        buckets = [];
      }
      buckets.push(bucketOf(document));
    }
    const [first] = buckets;
    if (first) yield { customerId: first.customerId, buckets };
  }

  /** Erasure. @returns how many */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.buckets.deleteWhere({ customerId });
  }
}
