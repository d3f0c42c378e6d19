import type { CustomerView } from '@regulars/contracts';
import { useState } from 'react';
import { dayOf } from '../format.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useNow } from '../ui/use-now.js';
import { useWork } from '../ui/use-work.js';
import { ConsentBox } from './consent-box.js';
import { consentGivenAt, consentHolds } from './consent.js';

/** What a customer agreed to and when; without it, the way to record it. */
export function ConsentPanel({ customer }: { customer: CustomerView }) {
  const { api, customers } = useShop();
  const [isGiven, setGiven] = useState(false);
  const { isBusy, error, run } = useWork();
  const words = strings.consent;
  const now = useNow(60_000);
  if (consentHolds(customer.consent, now)) {
    const { givenAt, textVersion } = customer.consent;
    return (
      <section className="details__part">
        <h3>{words.title}</h3>
        <p className="soft">{words.givenOn(dayOf(givenAt), textVersion)}</p>
      </section>
    );
  }
  const record = () =>
    run(async () => {
      await api.changeCustomer(customer.customerId, { consent: consentGivenAt(new Date()) });
      customers.request();
    });
  return (
    <section className="details__part">
      <ConsentBox
        name={customer.displayName}
        isGiven={isGiven}
        onChange={setGiven}
        hint={customer.consent === null ? words.missing : words.ended}
      />
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
