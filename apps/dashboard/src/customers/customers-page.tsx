import type { CustomerView } from '@regulars/contracts';
import { useState } from 'react';
import type { PickFor } from '../shop/shop-frame.js';
import type { ListOf } from '../api/client.js';
import { useResource, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Empty } from '../ui/empty.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { PlusIcon } from '../ui/icons.js';
import { goTo } from '../ui/route.js';
import { CustomerDetails } from './customer-details.js';
import { CustomerList } from './customer-list.js';
import { EraseDialog } from './erase-dialog.js';
import { NewCustomerDialog } from './new-customer-dialog.js';

interface CustomersPageProps {
  readonly customerId: string | null;
  readonly onPickLive: (customer: PickFor) => void;
}

/** The customers: a list with search, and one of them in detail. */
export function CustomersPage({ customerId, onPickLive }: CustomersPageProps) {
  const { customers } = useShop();
  const { value, error } = useResource(customers);
  const [isAdding, setAdding] = useState(false);
  /** Shown until the list, loaded anew, has it too. */
  const [added, setAdded] = useState<CustomerView | null>(null);
  const [erasing, setErasing] = useState<CustomerView | null>(null);
  const list = value === null ? null : withAdded(value, added);
  const chosen = list?.items.find((customer) => customer.customerId === customerId) ?? null;
  return (
    <>
      <header className="section-head">
        <h1>{strings.customers.title}</h1>
        <button type="button" className="button button--accent" onClick={() => setAdding(true)}>
          <PlusIcon />
          {strings.customers.add}
        </button>
      </header>
      {error !== null && (
        <ErrorNotice error={error} title={strings.customers.loadFailed} onRetry={customers.retry} />
      )}
      {list?.items.length === 0 && (
        <Empty title={strings.customers.emptyTitle} text={strings.customers.emptyText}>
          <button type="button" className="button button--accent" onClick={() => setAdding(true)}>
            {strings.customers.add}
          </button>
        </Empty>
      )}
      {list !== null && list.items.length > 0 && (
        <div className="customers" data-has-choice={customerId !== null}>
          <CustomerList list={list} chosenId={customerId} />
          <ErrorBoundary key={customerId}>
            {chosen === null ? (
              <div className="card customers__hint">
                <p className="soft">
                  {customerId === null ? strings.customers.choose : strings.customers.missing}
                </p>
              </div>
            ) : (
              <CustomerDetails
                key={chosen.customerId}
                customer={chosen}
                onPickLive={onPickLive}
                onErase={() => setErasing(chosen)}
              />
            )}
          </ErrorBoundary>
        </div>
      )}
      {isAdding && (
        <NewCustomerDialog
          onClose={() => setAdding(false)}
          onAdded={(customer) => {
            setAdding(false);
            setAdded(customer);
            goTo({ page: 'customers', customerId: customer.customerId });
          }}
        />
      )}
      {erasing !== null && (
        <EraseDialog
          customer={erasing}
          onErased={() => {
            setAdded(null);
            goTo({ page: 'customers', customerId: null });
          }}
          onClose={() => setErasing(null)}
        />
      )}
    </>
  );
}

function withAdded(list: ListOf<CustomerView>, added: CustomerView | null): ListOf<CustomerView> {
  const isListed = list.items.some((customer) => customer.customerId === added?.customerId);
  return added === null || isListed ? list : { ...list, items: [...list.items, added] };
}
