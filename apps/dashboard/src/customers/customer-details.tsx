import type { CustomerView } from '@regulars/contracts';
import { dayAndTime, dayOf, monogramOf } from '../format.js';
import type { PickFor } from '../shop/shop-frame.js';
import { strings } from '../strings.js';
import { BackIcon } from '../ui/icons.js';
import { hrefOf } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';
import { ConsentPanel } from './consent-panel.js';
import { Photographs } from './photographs.js';
import { StaffPanel } from './staff-panel.js';
import { VisitsPanel } from './visits-panel.js';
import { WorthPanel } from './worth-panel.js';

interface CustomerDetailsProps {
  readonly customer: CustomerView;
  readonly onPickLive: (customer: PickFor) => void;
  readonly onErase: () => void;
}

/** One customer: facts, worth, forecast, visits, consent, photographs and erasure. */
export function CustomerDetails({ customer, onPickLive, onErase }: CustomerDetailsProps) {
  const now = useNow(60_000);
  const words = strings.customers;
  const facts = [
    [words.visits, String(customer.visits)],
    [words.lastVisit, customer.lastVisitAt === null ? words.never : dayAndTime(customer.lastVisitAt, now)],
    [words.addedOn, dayOf(customer.createdAt)],
    ...(customer.externalId === null ? [] : [[words.number, customer.externalId] as const]),
  ] as const;
  return (
    <article className="card details" aria-labelledby="customer-name">
      <a className="details__back" href={hrefOf({ page: 'customers', customerId: null })}>
        <BackIcon />
        {words.back}
      </a>
      <header className="details__head">
        <span className="monogram monogram--large" aria-hidden="true">
          {monogramOf(customer.displayName)}
        </span>
        <h2 id="customer-name">{customer.displayName}</h2>
      </header>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <WorthPanel customerId={customer.customerId} />
      <VisitsPanel customerId={customer.customerId} />
      <ConsentPanel customer={customer} />
      <StaffPanel customer={customer} />
      <Photographs customer={customer} onPickLive={() => onPickLive(customer)} />
      <footer className="details__foot">
        <button type="button" className="button button--danger-quiet" onClick={onErase}>
          {strings.erase.action}
        </button>
      </footer>
    </article>
  );
}
