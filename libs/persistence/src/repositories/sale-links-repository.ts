import { CustomerId, Instant, SaleId, StoreId, VisitId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Where } from '../document-store.js';
import { saveRevision } from './revisions.js';
import { SaleCorrections } from './sale-corrections.js';

/** To which visit a sale belongs, as far as can be told. It may be decided anew. */
export const SaleLink = z.strictObject({
  saleId: SaleId,
  storeId: StoreId,
  soldAt: Instant,
  /** Null when nobody stood there. */
  visitId: VisitId.nullable(),
  /** Null when a stranger did, or the customer's consent does not allow it. */
  customerId: CustomerId.nullable(),
  probability: z.number().min(0).max(1),
  /** Whether the probability is high enough to count. */
  isSure: z.boolean(),
  /** Of the formula. */
  formula: z.int().min(1),
  decidedAt: Instant,
});
export type SaleLink = Readonly<z.infer<typeof SaleLink>>;

const LinkDocument = z.strictObject({
  ...SaleLink.omit({ saleId: true }).shape,
  _id: SaleId,
  /** How often it was decided: the version of the link. */
  revision: z.int().min(1),
});
type LinkDocument = z.infer<typeof LinkDocument>;
const FIELDS = Object.keys(LinkDocument.shape);

const PAGE = 500;
const LINKS: CollectionSpec = {
  name: 'sale_links',
  indexes: [
    { name: 'store', fields: ['storeId', 'soldAt'] },
    { name: 'customer', fields: ['customerId'] },
  ],
};

export interface StoredLink {
  readonly link: SaleLink;
  readonly revision: number;
}

function storedOf({ _id, revision, ...rest }: LinkDocument): StoredLink {
  return { link: { saleId: _id, ...rest }, revision };
}

/** Joins of sales to visits, and what operators said of them. */
export class SaleLinksRepository {
  readonly corrections: SaleCorrections;
  private readonly links: Collection<LinkDocument>;

  constructor(store: DocumentStore) {
    this.links = store.collection(LINKS);
    this.corrections = new SaleCorrections(store);
  }

  async get(saleId: string): Promise<StoredLink | null> {
    const document = await this.links.get(saleId);
    return document && storedOf(document);
  }

  /** @param expected revision that was read, null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save({ saleId, ...link }: SaleLink, expected: number | null): Promise<void> {
    const document = LinkDocument.parse({ _id: saleId, ...link, revision: 1 });
    await saveRevision(this.links, document, expected, FIELDS);
  }

  /** A store's links of sales in a time, oldest first. @param time `to` no longer belongs to it */
  async *ofStore(storeId: string, time: { from: Instant; to: Instant }): AsyncGenerator<SaleLink> {
    const where = { storeId, soldAt: { gte: time.from, lt: time.to } };
    for await (const document of this.links.each({ where, limit: 500 })) yield storedOf(document).link;
  }

  /** A store's links, those of the latest sales first. @param query.time `to` no longer belongs to it
   *  @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(query: {
    readonly storeId: string;
    readonly time: { readonly from?: Instant; readonly to?: Instant };
    readonly isSure?: boolean;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<SaleLink>> {
    const { storeId, time, isSure, ...page } = query;
    const { from, to } = time;
    const soldAt: Where = from === undefined && to === undefined ? {} : { soldAt: { gte: from, lt: to } };
    const filter: Where = isSure === undefined ? {} : { isSure };
    const where = { storeId, ...soldAt };
    const { items, nextCursor } = await this.links.find({
      where,
      filter,
      sort: [['soldAt', 'desc']],
      ...page,
    });
    return { items: items.map((document) => storedOf(document).link), nextCursor };
  }

  /** Erasure: the sales stay joined to their visits, which are a stranger's then. @returns how many */
  async forgetCustomer(customerId: string): Promise<number> {
    await this.corrections.forgetCustomer(customerId);
    let total = 0;
    for (;;) {
      const { items } = await this.links.find({ where: { customerId }, limit: PAGE });
      const change = { set: { customerId: null }, inc: { revision: 1 } };
      await this.links.bulk(items.map(({ _id: id }) => ({ kind: 'update', id, change })));
      total += items.length;
      if (items.length < PAGE) return total;
    }
  }
}
