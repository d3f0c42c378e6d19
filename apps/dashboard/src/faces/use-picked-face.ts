import { useRef, useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { consentGivenAt } from '../customers/consent.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useShop } from '../shop/use-shop.js';
import type { FrozenFace } from './frozen-face.js';

/** Whom a picked face belongs to. */
export type PickedPerson =
  | { readonly kind: 'new'; readonly displayName: string }
  | { readonly kind: 'existing'; readonly customer: PickFor };

export type PickOutcome =
  | { readonly kind: 'enrolled'; readonly customer: PickFor }
  | {
      readonly kind: 'refused';
      readonly customer: PickFor;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly kind: 'failed'; readonly error: ApiError };

/** Creates the customer where needed and enrols the face as a photograph. A customer that was created stays
 *  when the photograph fails, and a second try does not create another. */
export function usePickedFace(face: FrozenFace) {
  const { api, customers } = useShop();
  const [outcome, setOutcome] = useState<PickOutcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const created = useRef<PickFor | null>(null);

  const customerOf = async (person: PickedPerson): Promise<PickFor> => {
    if (person.kind === 'existing') return person.customer;
    if (created.current?.displayName === person.displayName) return created.current;
    created.current = await api.addCustomer({
      displayName: person.displayName,
      consent: consentGivenAt(new Date()),
    });
    return created.current;
  };
  const enrol = async (person: PickedPerson): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    try {
      const { customerId, displayName } = await customerOf(person);
      const { photographs } = await api.enrol(customerId, [face.jpeg]);
      const refused = photographs.find((photograph) => photograph.kind === 'refused');
      const customer = { customerId, displayName };
      setOutcome(
        refused === undefined
          ? { kind: 'enrolled', customer }
          : { kind: 'refused', customer, message: refused.message, remedy: refused.remedy },
      );
    } catch (thrown) {
      setOutcome({ kind: 'failed', error: toApiError(thrown) });
    }
    customers.request();
    setBusy(false);
  };
  return { outcome, isBusy, enrol };
}
