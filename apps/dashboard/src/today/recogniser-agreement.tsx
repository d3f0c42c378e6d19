import type { RecogniserAgreement } from '@regulars/contracts';
import { strings } from '../strings.js';
import { CustomerLink } from '../ui/customer-link.js';

/** Customers that are named here; the rest is counted. */
const MOST_NAMED = 8;

/** How another recogniser decides about the same photographs. */
export function Agreement({ agreement }: { readonly agreement: RecogniserAgreement }) {
  const { same, compared, other, none, gained, wrong, uncovered, uncoveredCustomers } = agreement;
  const words = strings.recognisers;
  const named = uncoveredCustomers.slice(0, MOST_NAMED);
  return (
    <div role="status">
      <p className="fine">{words.agreement(same, compared)}</p>
      {compared > 0 && (
        <p className="fine">
          {words.differ(other, none, gained)} {words.wrong(wrong.serving, wrong.beside)}
        </p>
      )}
      <p className="fine">{uncovered === 0 ? words.covered : words.uncovered(uncovered)}</p>
      {named.length > 0 && (
        <ul className="fine">
          {named.map((customerId) => (
            <li key={customerId}>
              <CustomerLink customerId={customerId} told={null} />
            </li>
          ))}
          {uncovered > named.length && <li>{words.more(uncovered - named.length)}</li>}
        </ul>
      )}
    </div>
  );
}
