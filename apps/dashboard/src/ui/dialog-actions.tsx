import { strings } from '../strings.js';

interface DialogActionsProps {
  readonly confirm: string;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
  /** What the second button does; without it, it submits the form around it. */
  readonly onConfirm?: () => void;
  readonly isDangerous?: boolean;
}

/** The two buttons at the end of a dialog: leave it as it was, or go on. */
export function DialogActions({ confirm, isBusy, onCancel, onConfirm, isDangerous }: DialogActionsProps) {
  return (
    <div className="actions">
      <button type="button" className="button" onClick={onCancel}>
        {strings.cancel}
      </button>
      <button
        type={onConfirm === undefined ? 'submit' : 'button'}
        className={`button ${isDangerous === true ? 'button--danger' : 'button--accent'}`}
        disabled={isBusy}
        onClick={onConfirm}
      >
        {confirm}
      </button>
    </div>
  );
}
