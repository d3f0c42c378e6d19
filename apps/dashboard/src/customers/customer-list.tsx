import type { CustomerView } from '@regulars/contracts';
import { useDeferredValue, useState } from 'react';
import type { ListOf } from '../api/client.js';
import { dayAndTime, monogramOf } from '../format.js';
import { presenceOf } from '../live/presence.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { SearchIcon } from '../ui/icons.js';
import { hrefOf } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';
import { findCustomers } from './customer-search.js';

/** Rows drawn at most; a search narrows the rest. */
const ROWS_AT_MOST = 300;

interface CustomerListProps {
  readonly list: ListOf<CustomerView>;
  readonly chosenId: string | null;
}

export function CustomerList({ list, chosenId }: CustomerListProps) {
  const [query, setQuery] = useState('');
  const found = findCustomers(list.items, useDeferredValue(query));
  const { visits } = useLive();
  const now = useNow(60_000);
  const here = new Set(
    presenceOf(visits).regulars.map(({ who }) => (who.kind === 'customer' ? who.customerId : '')),
  );
  const words = strings.customers;
  return (
    <section className="card customers__list" aria-label={words.title}>
      <label className="search">
        <SearchIcon />
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
      </label>
      <p className="fine" role="status">
        {found.length === 0 ? words.noMatch(query) : words.count(found.length)}
        {!list.isComplete && <> · {words.incomplete(list.items.length)}</>}
      </p>
      <ul className="people">
        {found.slice(0, ROWS_AT_MOST).map((customer) => (
          <li key={customer.customerId}>
            <a
              className="person"
              href={hrefOf({ page: 'customers', customerId: customer.customerId })}
              aria-current={customer.customerId === chosenId ? 'true' : undefined}
            >
              <span className="monogram" aria-hidden="true">
                {monogramOf(customer.displayName)}
              </span>
              <span className="person__text">
                <span className="person__name">{customer.displayName}</span>
                <span className="person__since">
                  {customer.templates === 0
                    ? words.notRecognised
                    : customer.lastVisitAt === null
                      ? `${words.lastVisit}: ${words.never}`
                      : `${words.lastVisit}: ${dayAndTime(customer.lastVisitAt, now)}`}
                </span>
              </span>
              {customer.isStaff && <span className="tag">{strings.staff.tag}</span>}
              {here.has(customer.customerId) && <span className="tag tag--accent">{words.isHere}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
