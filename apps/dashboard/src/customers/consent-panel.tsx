import type { CustomerView } from '@regulars/contracts';
import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { dayOf } from '../format.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { ConsentBox } from './consent-box.js';
import { consentGivenAt } from './consent.js';

/** What a customer agreed to and when; without it, the way to record it. */
export function ConsentPanel({ customer }: { customer: CustomerView }) {
  const { api, customers } = useShop();
  const [isGiven, setGiven] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const words = strings.consent;
  if (customer.consent !== null) {
    const { givenAt, textVersion } = customer.consent;
    return (
      <section className="details__part">
        <h3>{words.title}</h3>
        <p className="soft">{words.givenOn(dayOf(givenAt), textVersion)}</p>
      </section>
    );
  }
  const record = async () => {
    setBusy(true);
    setError(null);
    try {
      await api.changeCustomer(customer.customerId, { consent: consentGivenAt(new Date()) });
      customers.request();
    } catch (thrown) {
      setError(toApiError(thrown));
    }
    setBusy(false);
  };
  return (
    <section className="details__part">
      <ConsentBox name={customer.displayName} isGiven={isGiven} onChange={setGiven} hint={words.missing} />
      {error !== null && <ErrorNotice error={error} />}
      <button
        type="button"
        className="button button--accent"
        disabled={!isGiven || isBusy}
        onClick={() => void record()}
      >
        {words.record}
      </button>
    </section>
  );
}
