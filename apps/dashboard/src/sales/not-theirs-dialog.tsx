import type { SaleJoinView } from '@regulars/contracts';
import { useId, useState } from 'react';
import { useLoaded } from '../shop/use-loaded.js';
import { useLabels, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Dialog } from '../ui/dialog.js';
import { DialogActions } from '../ui/dialog-actions.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useWork } from '../ui/use-work.js';

interface Props {
  readonly join: SaleJoinView;
  readonly onClose: () => void;
  readonly onSaid: () => void;
}

/** Asks whose a joined sale is instead, where that is known. */
export function NotTheirsDialog({ join, onClose, onSaid }: Props) {
  const { api } = useShop();
  const labels = useLabels();
  const { value: customers } = useLoaded((shop) => shop.customers());
  const [insteadId, setInsteadId] = useState('');
  const { isBusy, error, run } = useWork();
  const listId = useId();
  const words = strings.sales.joins;
  const { customerId, saleId, displayName } = join;
  if (customerId === null) return null;
  const name = labels.customer(customerId, displayName ?? '') || strings.people.unnamed;
  const others = customers?.items.filter((customer) => customer.customerId !== customerId) ?? [];
  const deny = () =>
    run(async () => {
      await api.notThisCustomer(saleId, customerId, insteadId === '' ? null : insteadId);
      onSaid();
    });
  return (
    <Dialog title={words.dialogTitle(name)} onClose={onClose}>
      <p className="plain">{words.dialogText}</p>
      <div className="field">
        <label htmlFor={listId}>{words.instead}</label>
        <select
          id={listId}
          data-first
          value={insteadId}
          onChange={({ target }) => setInsteadId(target.value)}
        >
          <option value="">{words.unknown}</option>
          {others.map((customer) => (
            <option key={customer.customerId} value={customer.customerId}>
              {customer.displayName || strings.people.unnamed}
            </option>
          ))}
        </select>
      </div>
      {error !== null && <ErrorNotice error={error} />}
      <DialogActions
        confirm={words.confirm}
        isBusy={isBusy}
        onCancel={onClose}
        onConfirm={() => void deny()}
      />
    </Dialog>
  );
}
