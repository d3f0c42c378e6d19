import type { CustomerView } from '@regulars/contracts';
import { useState } from 'react';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useWork } from '../ui/use-work.js';

/** Whether somebody works in the shop: the looks of staff are never scored, and their passes count in no traffic.
 *  The box shows what is stored, never what was merely clicked. */
export function StaffPanel({ customer }: { customer: CustomerView }) {
  const { api, customers } = useShop();
  const [isStaff, setStaff] = useState(customer.isStaff);
  const { isBusy, error, run } = useWork();
  const words = strings.staff;
  const save = (wanted: boolean) =>
    run(async () => {
      const saved = await api.changeCustomer(customer.customerId, { isStaff: wanted });
      setStaff(saved.isStaff);
      customers.request();
    });
  return (
    <section className="details__part">
      <h3>{words.title}</h3>
      <label className="check">
        <input
          type="checkbox"
          checked={isStaff}
          disabled={isBusy}
          onChange={({ target }) => void save(target.checked)}
        />
        <span>{words.works(customer.displayName)}</span>
      </label>
      <p className="fine">{words.hint}</p>
      {error !== null && <ErrorNotice error={error} />}
    </section>
  );
}
