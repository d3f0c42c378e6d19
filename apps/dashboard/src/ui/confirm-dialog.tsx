import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { strings } from '../strings.js';
import { Dialog } from './dialog.js';
import { ErrorNotice } from './error-notice.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  /** What is confirmed; while it runs the dialog stays, and shows its error. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

export function ConfirmDialog({ title, text, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
    } catch (thrown) {
      setError(toApiError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="soft">{text}</p>
      {error !== null && <ErrorNotice error={error} />}
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {strings.cancel}
        </button>
        <button type="button" className="button button--danger" disabled={isBusy} onClick={() => void run()}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}
