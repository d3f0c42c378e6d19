import { type FormEvent, useId, useState } from 'react';
import { consentHolds } from '../customers/consent.js';
import { ConsentBox } from '../customers/consent-box.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useResource, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Choice } from '../ui/choice.js';
import { DialogActions } from '../ui/dialog-actions.js';
import { useNow } from '../ui/use-now.js';
import { Field } from '../ui/field.js';
import type { PickedPerson } from './use-picked-face.js';

interface PickFormProps {
  readonly pickFor: PickFor | null;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
  readonly onSubmit: (person: PickedPerson) => void;
}

/** Asks who a picked face is: somebody new, with consent, or a customer who gave it before. */
export function PickForm({ pickFor, isBusy, onCancel, onSubmit }: PickFormProps) {
  const { customers } = useShop();
  const known = useResource(customers).value?.items ?? [];
  const [kind, setKind] = useState<'new' | 'existing'>(pickFor === null ? 'new' : 'existing');
  const [name, setName] = useState('');
  const [hasConsent, setConsent] = useState(false);
  const [customerId, setCustomerId] = useState(pickFor?.customerId ?? '');
  const [isChecked, setChecked] = useState(false);
  const listId = useId();
  const now = useNow(60_000);
  const words = strings.pick;

  const chosen = known.find((customer) => customer.customerId === customerId);
  const nameError = name.trim() === '' || name.trim().length > 120 ? strings.customers.nameError : undefined;
  const chosenError =
    chosen === undefined
      ? words.chooseError
      : !consentHolds(chosen.consent, now)
        ? words.needsConsent
        : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (kind === 'new' && nameError === undefined && hasConsent) {
      onSubmit({ kind: 'new', displayName: name.trim() });
    }
    if (kind === 'existing' && chosen !== undefined && chosenError === undefined) {
      onSubmit({ kind: 'existing', customer: chosen });
    }
  };
  return (
    <form noValidate onSubmit={submit}>
      {pickFor === null && known.length > 0 && (
        <Choice
          legend={words.who}
          value={kind}
          options={[
            { value: 'new', label: words.newCustomer },
            { value: 'existing', label: words.existing },
          ]}
          onChange={setKind}
        />
      )}
      {kind === 'new' && (
        <>
          <Field
            label={strings.customers.name}
            data-first
            value={name}
            error={isChecked ? nameError : undefined}
            onChange={({ target }) => setName(target.value)}
          />
          <ConsentBox name={name} isGiven={hasConsent} onChange={setConsent} />
          {isChecked && !hasConsent && (
            <p className="field__error" role="alert">
              {strings.consent.required}
            </p>
          )}
        </>
      )}
      {kind === 'existing' && pickFor === null && (
        <div className="field">
          <label htmlFor={listId}>{words.chooseCustomer}</label>
          <select id={listId} value={customerId} onChange={({ target }) => setCustomerId(target.value)}>
            <option value="">–</option>
            {known.map((customer) => (
              <option key={customer.customerId} value={customer.customerId}>
                {customer.displayName}
              </option>
            ))}
          </select>
        </div>
      )}
      {kind === 'existing' && isChecked && chosenError !== undefined && (
        <p className="field__error" role="alert">
          {chosenError}
        </p>
      )}
      <DialogActions confirm={words.save} isBusy={isBusy} onCancel={onCancel} />
    </form>
  );
}
