import type { CustomerView } from '@regulars/contracts';
import { useState } from 'react';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useNow } from '../ui/use-now.js';
import { consentHolds } from './consent.js';
import { PhotographDrop } from './photograph-drop.js';
import { PhotographResults } from './photograph-results.js';
import { useEnrolment } from './use-enrolment.js';

interface PhotographsProps {
  readonly customer: CustomerView;
  readonly onPickLive: () => void;
}

/** The photographs a customer is recognised by: adding them, what became of each, removing them. */
export function Photographs({ customer, onPickLive }: PhotographsProps) {
  const { api, customers } = useShop();
  const enrolment = useEnrolment(customer.customerId);
  const [isRemoving, setRemoving] = useState(false);
  const now = useNow(60_000);
  const words = strings.photographs;
  return (
    <section className="details__part">
      <h3>{words.title}</h3>
      <p className="soft">{customer.templates === 0 ? words.none : words.known(customer.templates)}</p>
      {consentHolds(customer.consent, now) && (
        <>
          <PhotographDrop isBusy={enrolment.isBusy} onChosen={(files) => void enrolment.enrol(files)} />
          <div className="actions actions--start">
            <button type="button" className="button" onClick={onPickLive}>
              {words.live}
            </button>
            {customer.templates > 0 && (
              <button type="button" className="button button--danger-quiet" onClick={() => setRemoving(true)}>
                {words.removeAll}
              </button>
            )}
          </div>
        </>
      )}
      <div role="status">
        {enrolment.isBusy && <p className="soft">{words.working(enrolment.photographs.length)}</p>}
      </div>
      {enrolment.wereTooMany && <p className="notice">{words.tooMany}</p>}
      {enrolment.error !== null && <ErrorNotice error={enrolment.error} />}
      {enrolment.result !== null && (
        <PhotographResults photographs={enrolment.photographs} results={enrolment.result.photographs} />
      )}
      {isRemoving && (
        <ConfirmDialog
          title={words.removeTitle(customer.displayName)}
          text={words.removeText}
          confirm={words.removeConfirm}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await api.removePhotographs(customer.customerId);
            customers.request();
            setRemoving(false);
          }}
        />
      )}
    </section>
  );
}
