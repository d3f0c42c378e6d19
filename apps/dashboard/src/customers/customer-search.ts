import type { CustomerView } from '@regulars/contracts';

/** Customers whose name or number holds every word of the query, whatever its case and accents, by name. */
export function findCustomers(customers: readonly CustomerView[], query: string): readonly CustomerView[] {
  const words = plain(query).split(/\s+/u).filter(Boolean);
  return customers
    .filter((customer) => {
      const text = plain(`${customer.displayName} ${customer.externalId ?? ''}`);
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.displayName.localeCompare(b.displayName) || a.customerId.localeCompare(b.customerId));
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
