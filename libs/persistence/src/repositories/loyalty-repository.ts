import { AmountMinor, CustomerId, Instant, LoyaltyRuleId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Where } from '../document-store.js';

const LoyalCustomer = z.strictObject({
  customerId: CustomerId,
  ruleId: LoyaltyRuleId,
  visitDays: z.int().min(0),
  spendMinor: AmountMinor,
  reachedAt: Instant,
});
/** A customer who fulfils a loyalty rule, and since when. */
export type LoyalCustomer = Readonly<z.infer<typeof LoyalCustomer>>;
type LoyalDocument = z.infer<typeof LoyalCustomer> & { readonly _id: string };

const LOYAL: CollectionSpec = {
  name: 'loyal_customers',
  indexes: [
    { name: 'rule', fields: ['ruleId', 'reachedAt'] },
    { name: 'customer', fields: ['customerId'] },
    { name: 'reached', fields: ['reachedAt'] },
  ],
};

function loyalOf({ _id, ...rest }: LoyalDocument): LoyalCustomer {
  return rest;
}

const keyOf = (ruleId: string, customerId: string) => `${ruleId} ${customerId}`;

/** The list of loyal customers, one line a rule and customer. */
export class LoyaltyRepository {
  private readonly loyal: Collection<LoyalDocument>;

  constructor(store: DocumentStore) {
    this.loyal = store.collection(LOYAL);
  }

  async get(ruleId: string, customerId: string): Promise<LoyalCustomer | null> {
    const document = await this.loyal.get(keyOf(ruleId, customerId));
    return document && loyalOf(document);
  }

  /** Enters the customer, or brings the figures up to date; the time of the first entry stays. */
  async enter(loyal: LoyalCustomer): Promise<void> {
    const { reachedAt, visitDays, spendMinor, ...key } = LoyalCustomer.parse(loyal);
    const change = { set: { visitDays, spendMinor }, min: { reachedAt } };
    await this.loyal.update(keyOf(key.ruleId, key.customerId), change, { insert: key });
  }

  remove(ruleId: string, customerId: string): Promise<boolean> {
    return this.loyal.delete(keyOf(ruleId, customerId));
  }

  /** The newest first, of one rule or all. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(query: { ruleId?: string; limit: number; cursor?: string }): Promise<Page<LoyalCustomer>> {
    const { ruleId, ...page } = query;
    const where: Where = ruleId === undefined ? {} : { ruleId };
    const sort = [['reachedAt', 'desc']] as const;
    const { items, nextCursor } = await this.loyal.find({ where, sort, ...page });
    return { items: items.map(loyalOf), nextCursor };
  }

  async *each(): AsyncGenerator<LoyalCustomer> {
    for await (const document of this.loyal.each({ limit: 500 })) yield loyalOf(document);
  }

  /** Erasure. @returns how many */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.loyal.deleteWhere({ customerId });
  }
}
