import {
  CurrencyCode,
  CustomerId,
  Instant,
  RfmScoresView,
  SegmentName,
  ValueClass,
} from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';
import { saveRevision } from './revisions.js';

/** What a customer was worth so far. It holds no age: how it grows old stands in `steps`. */
export const CustomerValue = z.strictObject({
  customerId: CustomerId,
  /** The one with most purchases; the money is of it alone. */
  currency: CurrencyCode,
  /** Since 1970-01-01 in the shop's time zone. */
  firstDay: z.int(),
  lastDay: z.int(),
  orders: z.int().min(1),
  days: z.int().min(1),
  netMinor: z.int().min(0),
  /** Segmentation that the following were made by. */
  version: z.int().min(0),
  scores: RfmScoresView,
  segment: SegmentName,
  class: ValueClass,
  /** The segment while nothing more is bought, by the day from which on it holds, the first one now. */
  steps: z.array(z.strictObject({ fromDay: z.int(), recency: z.int(), segment: SegmentName })).readonly(),
  updatedAt: Instant,
});
export type CustomerValue = Readonly<z.infer<typeof CustomerValue>>;

const ValueDocument = z.strictObject({
  ...CustomerValue.omit({ customerId: true }).shape,
  _id: CustomerId,
  revision: z.int().min(1),
});
type ValueDocument = z.infer<typeof ValueDocument>;
const FIELDS = Object.keys(ValueDocument.shape);

const VALUES: CollectionSpec = {
  name: 'customer_values',
  indexes: [
    { name: 'segment', fields: ['segment', 'netMinor'] },
    { name: 'class', fields: ['class'] },
  ],
};

export interface StoredValue {
  readonly value: CustomerValue;
  readonly revision: number;
}

function storedOf({ _id, revision, ...rest }: ValueDocument): StoredValue {
  return { value: { customerId: _id, ...rest }, revision };
}

/** One line a customer who bought something. */
export class ValuesRepository {
  private readonly values: Collection<ValueDocument>;

  constructor(store: DocumentStore) {
    this.values = store.collection(VALUES);
  }

  async get(customerId: string): Promise<StoredValue | null> {
    const document = await this.values.get(customerId);
    return document && storedOf(document);
  }

  /** Those of many customers, of whom there are any. */
  async getMany(customerIds: readonly string[]): Promise<Map<string, StoredValue>> {
    const documents = await this.values.getAll(customerIds);
    return new Map(documents.map((document) => [document._id, storedOf(document)]));
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save({ customerId, ...value }: CustomerValue, expected: number | null): Promise<void> {
    const document = ValueDocument.parse({ _id: customerId, ...value, revision: 1 });
    await saveRevision(this.values, document, expected, FIELDS);
  }

  /** Writes many at once over what is there. A sale that is counted meanwhile writes its customer anew. */
  async putMany(values: readonly StoredValue[]): Promise<void> {
    await this.values.bulk(
      values.map(({ value: { customerId, ...value }, revision }) => {
        return { kind: 'replace', document: { _id: customerId, ...value, revision: revision + 1 } } as const;
      }),
    );
  }

  remove(customerId: string): Promise<boolean> {
    return this.values.delete(customerId);
  }

  /** The most valuable first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async ofSegment(
    segment: SegmentName,
    page: { limit: number; cursor?: string },
  ): Promise<Page<CustomerValue>> {
    const sort = [['netMinor', 'desc']] as const;
    const { items, nextCursor } = await this.values.find({ where: { segment }, sort, ...page });
    return { items: items.map((document) => storedOf(document).value), nextCursor };
  }

  countOfSegment(segment: SegmentName): Promise<number> {
    return this.values.count({ segment });
  }

  countOfClass(value: ValueClass): Promise<number> {
    return this.values.count({ class: value });
  }

  async hasAny(): Promise<boolean> {
    return (await this.values.find({ limit: 1 })).items.length > 0;
  }

  /** All of them by id. */
  async *each(): AsyncGenerator<StoredValue> {
    for await (const document of this.values.each({ limit: 1_000 })) yield storedOf(document);
  }
}
