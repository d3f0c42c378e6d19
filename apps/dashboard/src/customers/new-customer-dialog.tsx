import type { CustomerView } from '@regulars/contracts';
import { type FormEvent, useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Dialog } from '../ui/dialog.js';
import { DialogActions } from '../ui/dialog-actions.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { ConsentBox } from './consent-box.js';
import { consentGivenAt } from './consent.js';

const LONGEST = 120;

interface NewCustomerDialogProps {
  readonly onClose: () => void;
  readonly onAdded: (customer: CustomerView) => void;
}

export function NewCustomerDialog({ onClose, onAdded }: NewCustomerDialogProps) {
  const { api, customers } = useShop();
  const [name, setName] = useState('');
  const [externalId, setExternalId] = useState('');
  const [hasConsent, setConsent] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const [isNumberTaken, setNumberTaken] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const words = strings.customers;
  const isNameWrong = name.trim() === '' || name.trim().length > LONGEST;
  const isNumberWrong = externalId.trim().length > LONGEST;

  const numberError = isNumberTaken
    ? words.externalIdTaken
    : isChecked && isNumberWrong
      ? words.externalIdError
      : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    setError(null);
    setNumberTaken(false);
    if (isNameWrong || isNumberWrong) return;
    setBusy(true);
    try {
      const customer = await api.addCustomer({
        displayName: name.trim(),
        ...(externalId.trim() === '' ? {} : { externalId: externalId.trim() }),
        ...(hasConsent ? { consent: consentGivenAt(new Date()) } : {}),
      });
      customers.request();
      onAdded(customer);
    } catch (thrown) {
      const failure = toApiError(thrown);
      setNumberTaken(failure.code === 'CUSTOMER_EXISTS');
      setError(failure.code === 'CUSTOMER_EXISTS' ? null : failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={words.addTitle} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field
          label={words.name}
          data-first
          value={name}
          error={isChecked && isNameWrong ? words.nameError : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <Field
          label={words.externalId}
          note={words.optional}
          value={externalId}
          error={numberError}
          onChange={({ target }) => setExternalId(target.value)}
        />
        <ConsentBox name={name} isGiven={hasConsent} onChange={setConsent} hint={strings.consent.later} />
        {error !== null && <ErrorNotice error={error} />}
        <DialogActions confirm={words.save} isBusy={isBusy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
