import type { CustomerView, ErasureCertificate } from '@regulars/contracts';
import { useState } from 'react';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Dialog } from '../ui/dialog.js';
import { download } from '../ui/download.js';

interface EraseDialogProps {
  readonly customer: CustomerView;
  readonly onErased: () => void;
  readonly onClose: () => void;
}

/** Erases a customer after a confirmation, then offers the certificate. */
export function EraseDialog({ customer, onErased, onClose }: EraseDialogProps) {
  const { api, customers } = useShop();
  const [certificate, setCertificate] = useState<ErasureCertificate | null>(null);
  const words = strings.erase;
  if (certificate === null) {
    return (
      <ConfirmDialog
        title={words.title(customer.displayName)}
        text={words.text}
        confirm={words.confirm}
        onClose={onClose}
        onConfirm={async () => {
          setCertificate(await api.eraseCustomer(customer.customerId));
          onErased();
          customers.request();
        }}
      />
    );
  }
  return (
    <Dialog key="certificate" title={words.doneTitle} onClose={onClose}>
      <p className="soft" role="status">
        {words.done}
      </p>
      <h3>{words.destroyed}</h3>
      <ul className="plain">
        {certificate.destroyed.map(({ what, count }) => (
          <li key={what}>
            {what}: {count}
          </li>
        ))}
      </ul>
      {certificate.kept.length > 0 && (
        <>
          <h3>{words.kept}</h3>
          <ul className="plain">
            {certificate.kept.map(({ what, why }) => (
              <li key={what}>
                {what}: {why}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {strings.close}
        </button>
        <button
          type="button"
          className="button button--accent"
          onClick={() =>
            download(
              new Blob([JSON.stringify(certificate, null, 2)], { type: 'application/json' }),
              `erasure-${certificate.customerId}.json`,
            )
          }
        >
          {words.download}
        </button>
      </div>
    </Dialog>
  );
}
