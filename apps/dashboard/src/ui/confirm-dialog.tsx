import { Dialog } from './dialog.js';
import { DialogActions } from './dialog-actions.js';
import { ErrorNotice } from './error-notice.js';
import { useWork } from './use-work.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  /** What is confirmed; while it runs the dialog stays, and shows its error. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

export function ConfirmDialog({ title, text, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  const { isBusy, error, run } = useWork();
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="soft">{text}</p>
      {error !== null && <ErrorNotice error={error} />}
      <DialogActions
        confirm={confirm}
        isBusy={isBusy}
        isDangerous
        onCancel={onClose}
        onConfirm={() => void run(onConfirm)}
      />
    </Dialog>
  );
}
