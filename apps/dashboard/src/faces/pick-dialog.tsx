import { clockTime } from '../format.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useLabels } from '../shop/use-shop.js';
import { Explanation } from '../satisfaction/explanation.js';
import { strings } from '../strings.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { BlobPicture } from './blob-picture.js';
import type { FrozenFace } from './frozen-face.js';
import { PickForm } from './pick-form.js';
import { type PickOutcome, usePickedFace } from './use-picked-face.js';

interface PickDialogProps {
  readonly face: FrozenFace;
  /** Whom the face is for, when that is decided already. */
  readonly pickFor: PickFor | null;
  readonly onClose: () => void;
  readonly onPickAgain: (customer: PickFor) => void;
}

/** Enrols a face that was chosen in a live picture. */
export function PickDialog({ face, pickFor, onClose, onPickAgain }: PickDialogProps) {
  const labels = useLabels();
  const { outcome, isBusy, enrol } = usePickedFace(face);
  const words = strings.pick;
  return (
    <Dialog title={pickFor === null ? words.title : words.titleFor(pickFor.displayName)} onClose={onClose}>
      <div className="pick">
        <figure className="pick__crop">
          <BlobPicture blob={face.jpeg} label={words.crop} />
          <figcaption>{words.frozen(labels.camera(face.cameraId), clockTime(face.capturedAt))}</figcaption>
          <Explanation jpeg={face.jpeg} />
        </figure>
        <div className="pick__side">
          {outcome?.kind === 'enrolled' || outcome?.kind === 'refused' ? (
            <Outcome outcome={outcome} onClose={onClose} onPickAgain={onPickAgain} />
          ) : (
            <>
              {face.isSmall && <p className="notice">{words.small}</p>}
              {outcome?.kind === 'failed' && <ErrorNotice error={outcome.error} />}
              <PickForm
                pickFor={pickFor}
                isBusy={isBusy}
                onCancel={onClose}
                onSubmit={(who) => void enrol(who)}
              />
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface OutcomeProps {
  readonly outcome: Exclude<PickOutcome, { kind: 'failed' }>;
  readonly onClose: () => void;
  readonly onPickAgain: (customer: PickFor) => void;
}

function Outcome({ outcome, onClose, onPickAgain }: OutcomeProps) {
  const { customer } = outcome;
  if (outcome.kind === 'enrolled') {
    return (
      <>
        <p className="notice notice--good" role="status">
          <strong>{strings.pick.done(customer.displayName)}</strong> {strings.pick.doneHint}
        </p>
        <div className="actions">
          <button type="button" className="button button--accent" autoFocus onClick={onClose}>
            {strings.close}
          </button>
        </div>
      </>
    );
  }
  return (
    <>
      <ErrorNotice
        title={strings.pick.refused(customer.displayName)}
        error={{ message: outcome.message, remedy: outcome.remedy }}
      />
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {strings.close}
        </button>
        <button
          type="button"
          className="button button--accent"
          autoFocus
          onClick={() => onPickAgain(customer)}
        >
          {strings.pick.again}
        </button>
      </div>
    </>
  );
}
