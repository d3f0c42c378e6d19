import { CustomerId, EventId, SaleCorrectionAct, VisitId, type SaleOwner } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';

/** All that operators said of one sale and did not withdraw. */
export interface SaleCorrection {
  /** It never counts to these. */
  readonly notCustomerIds: readonly string[];
  /** Whose it is; null when nobody said. */
  readonly instead: SaleOwner | null;
  readonly correctedAt: string;
}

/** Flat, so that a customer's mentions can be found and taken out. */
const ActDocument = z.strictObject({
  ...SaleCorrectionAct.omit({ correctionId: true, instead: true }).shape,
  _id: EventId,
  insteadVisitId: VisitId.nullable(),
  insteadCustomerId: CustomerId.nullable(),
});
type ActDocument = z.infer<typeof ActDocument>;

const PAGE = 500;
const CORRECTIONS: CollectionSpec = {
  name: 'sale_corrections',
  indexes: [
    { name: 'sale', fields: ['saleId', 'correctedAt'] },
    { name: 'denied', fields: ['notCustomerId'] },
    { name: 'assigned', fields: ['insteadCustomerId'] },
  ],
};

function actOf({ _id, insteadVisitId, insteadCustomerId, ...rest }: ActDocument): SaleCorrectionAct {
  const isNobody = insteadVisitId === null && insteadCustomerId === null;
  const instead = isNobody ? null : { visitId: insteadVisitId, customerId: insteadCustomerId };
  return { correctionId: _id, ...rest, instead };
}

/** What several things said of one sale come to. The last word on a customer counts: who is named as the owner is no
 *  longer denied, and who is denied no longer the owner. A withdrawal takes back all that was said before it.
 *  @param acts the oldest first
 *  @returns null when nothing is left */
export function correctionOf(acts: readonly SaleCorrectionAct[]): SaleCorrection | null {
  const denied = new Set<string>();
  let instead: SaleOwner | null = null;
  for (const act of acts) {
    if (act.kind === 'withdrawn') {
      denied.clear();
      instead = null;
      continue;
    }
    if (act.notCustomerId !== null) {
      denied.add(act.notCustomerId);
      if (instead?.customerId === act.notCustomerId) instead = null;
    }
    if (act.instead !== null) instead = act.instead;
    if (act.instead !== null && act.instead.customerId !== null) denied.delete(act.instead.customerId);
  }
  const correctedAt = acts.at(-1)?.correctedAt;
  if (correctedAt === undefined || (denied.size === 0 && instead === null)) return null;
  return { notCustomerIds: [...denied].sort(), instead, correctedAt };
}

/** What operators said of joined sales, word by word: who, when and what. */
export class SaleCorrections {
  private readonly acts: Collection<ActDocument>;

  constructor(store: DocumentStore) {
    this.acts = store.collection(CORRECTIONS);
  }

  /** @returns whether it was not kept before */
  keep({ correctionId, instead, ...rest }: SaleCorrectionAct): Promise<boolean> {
    const owner = {
      insteadVisitId: instead?.visitId ?? null,
      insteadCustomerId: instead?.customerId ?? null,
    };
    return this.acts.insertOnce(ActDocument.parse({ _id: correctionId, ...rest, ...owner }));
  }

  /** All that was said of a sale, the oldest first. */
  async actsOf(saleId: string): Promise<SaleCorrectionAct[]> {
    const acts: SaleCorrectionAct[] = [];
    const sort = [['correctedAt', 'asc']] as const;
    for await (const document of this.acts.each({ where: { saleId }, sort, limit: PAGE }))
      acts.push(actOf(document));
    return acts;
  }

  /** What that comes to. */
  async of(saleId: string): Promise<SaleCorrection | null> {
    return correctionOf(await this.actsOf(saleId));
  }

  /** Erasure: what was said stays, without this customer. @returns in how many words they were */
  async forgetCustomer(customerId: string): Promise<number> {
    const denied = await this.forget('notCustomerId', customerId);
    return denied + (await this.forget('insteadCustomerId', customerId));
  }

  private async forget(field: 'notCustomerId' | 'insteadCustomerId', customerId: string): Promise<number> {
    for (let total = 0; ;) {
      const { items } = await this.acts.find({ where: { [field]: customerId }, limit: PAGE });
      const set = field === 'notCustomerId' ? { [field]: null } : { [field]: null, insteadVisitId: null };
      await this.acts.bulk(items.map(({ _id: id }) => ({ kind: 'update', id, change: { set } })));
      total += items.length;
      if (items.length < PAGE) return total;
    }
  }
}
