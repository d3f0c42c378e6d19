import { useLabels } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { hrefOf } from './route.js';

/** A customer's name, as the list of customers has it now, leading to the customer. */
export function CustomerLink({ customerId, told }: { customerId: string; told: string | null }) {
  const labels = useLabels();
  return (
    <a href={hrefOf({ page: 'customers', customerId })}>
      {labels.customer(customerId, told ?? '') || strings.people.unnamed}
    </a>
  );
}
