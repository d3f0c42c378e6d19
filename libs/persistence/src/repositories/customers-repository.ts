import {
  CustomerId,
  Instant,
  RegularsError,
  TransientError,
  type CustomerChange,
  type NewCustomer,
} from '@regulars/contracts';
import { z } from 'zod';
import type { Change, Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';

const CustomerDocument = z.strictObject({
  _id: CustomerId,
  displayName: z.string().min(1),
  externalId: z.string().min(1).optional(),
  /** True or absent: only staff have it, and are found by it. */
  isStaff: z.literal(true).optional(),
  consent: z
    .strictObject({ textVersion: z.string(), givenAt: Instant, until: Instant.nullable() })
    .nullable(),
  createdAt: Instant,
  lastVisitAt: Instant.nullable(),
  visits: z.int().min(0),
  erasedAt: Instant.nullable(),
  revision: z.int().min(1),
});
type CustomerDocument = z.infer<typeof CustomerDocument>;

/** A customer as stored; templates are counted by TemplatesRepository. */
export interface CustomerRecord {
  readonly customerId: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly isStaff: boolean;
  readonly consent: { textVersion: string; givenAt: Instant; until: Instant | null } | null;
  readonly createdAt: Instant;
  readonly lastVisitAt: Instant | null;
  readonly visits: number;
  readonly revision: number;
}

const CUSTOMERS: CollectionSpec = {
  name: 'customers',
  indexes: [
    { name: 'external_id', fields: ['externalId'], unique: true },
    { name: 'created', fields: ['erasedAt', 'createdAt'] },
    { name: 'staff', fields: ['isStaff'] },
  ],
};

function recordOf(document: CustomerDocument): CustomerRecord {
  const { _id, displayName, externalId, isStaff, consent, createdAt, lastVisitAt, visits, revision } =
    document;
  return {
    customerId: _id,
    displayName,
    externalId: externalId ?? null,
    isStaff: isStaff === true,
    consent,
    createdAt,
    lastVisitAt,
    visits,
    revision,
  };
}

function consentOf(consent: NewCustomer['consent']): CustomerDocument['consent'] {
  return consent ? { ...consent, until: consent.until ?? null } : null;
}

function newDocument(customerId: string, customer: NewCustomer, at: Instant): CustomerDocument {
  return CustomerDocument.parse({
    _id: customerId,
    displayName: customer.displayName,
    externalId: customer.externalId,
    ...(customer.isStaff ? { isStaff: true } : {}),
    consent: consentOf(customer.consent),
    createdAt: at,
    lastVisitAt: null,
    visits: 0,
    erasedAt: null,
    revision: 1,
  });
}

function externalIdTaken(error: unknown): unknown {
  const isTaken = error instanceof RegularsError && error.code === 'VALUE_TAKEN';
  return isTaken ? new RegularsError('VALUE_TAKEN', { field: 'externalId' }) : error;
}

/** Enrolled customers. An erased one leaves only its id and the time of erasure, so that late events of it are
 *  known as such. */
export class CustomersRepository {
  private readonly customers: Collection<CustomerDocument>;

  constructor(store: DocumentStore) {
    this.customers = store.collection(CUSTOMERS);
  }

  /** @throws RegularsError VALUE_TAKEN (field externalId) when another customer has this external id */
  async create(customerId: string, customer: NewCustomer, at: Instant): Promise<CustomerRecord> {
    const document = newDocument(customerId, customer, at);
    if (await this.customers.insertOnce(document)) return recordOf(document);
    const field = (await this.customers.get(customerId)) ? 'customerId' : 'externalId';
    throw new RegularsError('VALUE_TAKEN', { field });
  }

  /** @returns null when there is none, or it was erased */
  async get(customerId: string): Promise<CustomerRecord | null> {
    const document = await this.customers.get(customerId);
    return document && document.erasedAt === null ? recordOf(document) : null;
  }

  async isErased(customerId: string): Promise<boolean> {
    const document = await this.customers.get(customerId);
    return document !== null && document.erasedAt !== null;
  }

  /** Ids of all who work in the shop. */
  async staff(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { _id } of this.customers.each({ where: { isStaff: true }, limit: 1_000 }))
      ids.push(_id);
    return ids;
  }

  async byExternalId(externalId: string): Promise<CustomerRecord | null> {
    const { items } = await this.customers.find({ where: { externalId }, limit: 1 });
    return items[0] ? recordOf(items[0]) : null;
  }

  /** The customers with these numbers of the operator's own; who is not there yet is made, with the number for
   *  a name.
   *  @param freshId a new id for each customer that is made
   *  @returns ids by number, and which of them are new */
  async ensure(
    externalIds: Iterable<string>,
    at: Instant,
    freshId: () => string,
  ): Promise<{ ids: ReadonlyMap<string, string>; created: readonly string[] }> {
    const ids = new Map<string, string>();
    const missing: CustomerDocument[] = [];
    for (const externalId of new Set(externalIds)) {
      const known = await this.byExternalId(externalId);
      if (known) ids.set(externalId, known.customerId);
      else missing.push(newDocument(freshId(), { displayName: externalId, externalId }, at));
    }
    const created: string[] = [];
    const inserted = missing.length === 0 ? [] : await this.customers.insertAllOnce(missing);
    for (const [place, { _id, externalId = '' }] of missing.entries()) {
      // Somebody else may have made the customer in between.
      const other = inserted[place] ? null : await this.byExternalId(externalId);
      if (other === null) created.push(_id);
      ids.set(externalId, other?.customerId ?? _id);
    }
    return { ids, created };
  }

  /** Newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(page: { limit: number; cursor?: string }): Promise<Page<CustomerRecord>> {
    const { items, nextCursor } = await this.customers.find({
      where: { erasedAt: null },
      sort: [['createdAt', 'desc']],
      limit: page.limit,
      cursor: page.cursor,
    });
    return { items: items.map(recordOf), nextCursor };
  }

  count(): Promise<number> {
    return this.customers.count({ erasedAt: null });
  }

  /** Names by id, of those that exist: for views of visits and attendance. */
  async names(customerIds: Iterable<string>): Promise<Map<string, string>> {
    const ids = [...new Set(customerIds)];
    const records = await Promise.all(ids.map((id) => this.get(id)));
    return new Map(records.flatMap((record) => (record ? [[record.customerId, record.displayName]] : [])));
  }

  /** Changes what is given.
   *  @param expected revision that the change was decided on; any when absent
   *  @throws RegularsError CUSTOMER_NOT_FOUND, VALUE_TAKEN (field externalId); TransientError REVISION_CONFLICT */
  async change(customerId: string, change: CustomerChange, expected?: number): Promise<CustomerRecord> {
    const { displayName, externalId, isStaff, consent } = change;
    const staff = isStaff ? { isStaff } : {};
    const set = { displayName, externalId, consent: consent && consentOf(consent), ...staff };
    const unset = isStaff === false ? ['isStaff'] : [];
    const update: Change = { set, unset, inc: { revision: 1 } };
    const where = { erasedAt: null, ...(expected === undefined ? {} : { revision: expected }) };
    const changed = await this.customers.update(customerId, update, { where }).catch((error: unknown) => {
      throw externalIdTaken(error);
    });
    if (changed) return recordOf(changed);
    if (await this.get(customerId)) throw new TransientError('REVISION_CONFLICT', { id: customerId });
    throw new RegularsError('CUSTOMER_NOT_FOUND', { customerId });
  }

  /** Notes the figures that follow from the visits (VisitsRepository.figuresOf), so that repeating it changes
   *  nothing. Nothing happens when there is no such customer. */
  async recordVisits(
    customerId: string,
    figures: { visits: number; lastVisitAt: Instant | null },
  ): Promise<void> {
    const { visits, lastVisitAt } = figures;
    await this.customers.update(customerId, { set: { visits, lastVisitAt } }, { where: { erasedAt: null } });
  }

  /** Removes a customer who was made a moment ago and of whom nothing came to be known: no trace is left.
   *  @returns false when the customer was changed in between, and stays */
  async takeBack(customerId: string): Promise<boolean> {
    const document = await this.customers.get(customerId);
    if (document === null || document.revision !== 1 || document.visits > 0) return false;
    return this.customers.delete(customerId);
  }

  /** Removes all but the id and the time of erasure. Keys and templates are erased by their own repositories.
   *  @returns whether there was a customer to erase */
  async erase(customerId: string, at: Instant): Promise<boolean> {
    const unset = Object.keys(CustomerDocument.shape).filter((key) => key !== '_id' && key !== 'erasedAt');
    const change: Change = { set: { erasedAt: at }, unset };
    return (await this.customers.update(customerId, change, { where: { erasedAt: null } })) !== null;
  }
}
