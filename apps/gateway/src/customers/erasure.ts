import { CustomerUpdated, type ErasureCertificate, RegularsError } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { Erasure } from '@regulars/persistence';
import type { Repositories } from '../services.js';

/** Erases a customer for good: first the key, so that templates in back-ups are lost as well, then the
 *  templates, then the name and all else that is known of the person. Analytics hears of it and makes the
 *  customer's visits those of a stranger. Every step may be repeated: after a failure the same request finishes
 *  the erasure, and asking again gives the same certificate.
 *  @throws RegularsError CUSTOMER_NOT_FOUND */
export async function eraseCustomer(
  customerId: string,
  at: string,
  repositories: Repositories,
  publisher: Publisher,
): Promise<ErasureCertificate> {
  const { attendance, crops, customers, erasures, identity, keyring, sales, templates } = repositories;
  const erasure = (await erasures.get(customerId)) ?? (await beginErasure(customerId, at, repositories));
  await keyring.destroy(customerId, erasure.erasedAt);
  await templates.removeOfCustomer(customerId);
  await crops.removeOfCustomer(customerId);
  await customers.erase(customerId, erasure.erasedAt);
  await attendance.removeOfCustomer(customerId);
  await identity.deleteDenialsOf(customerId);
  await sales.forgetCustomer(customerId);
  const eventId = idFrom('evt', CustomerUpdated.key, 'erased', customerId);
  const event = { customerId, change: 'erased', updatedAt: erasure.erasedAt } as const;
  await publisher.publish(CustomerUpdated, event, { eventId });
  return certificateOf(customerId, erasure);
}

/** Counts what there is to destroy before any of it is gone. */
async function beginErasure(
  customerId: string,
  erasedAt: string,
  { attendance, crops, customers, erasures, templates }: Repositories,
): Promise<Erasure> {
  const customer = await customers.get(customerId);
  if (customer === null) throw new RegularsError('CUSTOMER_NOT_FOUND', { customerId });
  const destroyed = {
    names: 1,
    externalIds: customer.externalId === null ? 0 : 1,
    consents: customer.consent === null ? 0 : 1,
    templates: await templates.countOfCustomer(customerId),
    crops: await crops.countOfCustomer(customerId),
    attendance: await countOf(attendance.each({ customerId })),
  };
  return erasures.keep(customerId, { erasedAt, destroyed });
}

async function countOf(items: AsyncIterator<unknown>): Promise<number> {
  let count = 0;
  while (!(await items.next()).done) count += 1;
  return count;
}

/** What the counts of an erasure are of, in the words of the certificate. */
const DESTROYED: Readonly<Record<string, string>> = {
  names: 'name',
  externalIds: "operator's own number of the customer",
  consents: 'record of consent',
  templates: 'templates of the face, with the key that sealed them',
  crops: 'pictures of the face that were kept for correction',
  attendance: 'days of attendance',
};

export function certificateOf(customerId: string, { erasedAt, destroyed }: Erasure): ErasureCertificate {
  return {
    customerId,
    erasedAt,
    destroyed: Object.entries(destroyed).map(([field, count]) => ({
      what: DESTROYED[field] ?? field,
      count,
    })),
    kept: [
      {
        what: 'visits, as those of a stranger',
        why: 'They count how busy the shop was. Nothing in them leads to the customer any more.',
      },
      {
        what: 'sales and refunds, as those of nobody',
        why: 'They are what the shop took. Nothing in them leads to the customer any more.',
      },
      {
        what: 'this id and the time of the erasure',
        why: 'So that a message that comes late is not taken for a new customer.',
      },
    ],
  };
}
