import { type FormEvent, useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import type { CameraForm } from '../api/client.js';
import { slugOf } from '../format.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Choice } from '../ui/choice.js';
import { Dialog } from '../ui/dialog.js';
import { DialogActions } from '../ui/dialog-actions.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { fieldErrorsOf, fieldErrorsOfAnswer } from './camera-fields.js';

const EMPTY: CameraForm = { cameraId: '', name: '', source: '', mode: 'members' };

export function AddCameraDialog({ onClose }: { onClose: () => void }) {
  const { api, cameras } = useShop();
  const [form, setForm] = useState(EMPTY);
  const [isOwnId, setOwnId] = useState(false);
  const [errors, setErrors] = useState<ReturnType<typeof fieldErrorsOf>>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const words = strings.cameraForm;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = fieldErrorsOf(form);
    setErrors(wrong);
    setFailure(null);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    try {
      await api.addCamera(form);
      cameras.request();
      onClose();
    } catch (thrown) {
      const error = toApiError(thrown);
      const atFields = fieldErrorsOfAnswer(error);
      setErrors(atFields);
      setFailure(Object.keys(atFields).length === 0 ? error : null);
      setBusy(false);
    }
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field
          label={words.name}
          hint={words.nameHint}
          error={errors.name}
          data-first
          value={form.name}
          onChange={({ target }) =>
            setForm({ ...form, name: target.value, cameraId: isOwnId ? form.cameraId : slugOf(target.value) })
          }
        />
        <Field
          label={words.source}
          hint={words.sourceHint}
          error={errors.source}
          spellCheck={false}
          value={form.source}
          onChange={({ target }) => setForm({ ...form, source: target.value })}
        />
        <Field
          label={words.id}
          hint={words.idHint}
          error={errors.cameraId}
          spellCheck={false}
          value={form.cameraId}
          onChange={({ target }) => {
            setOwnId(target.value !== '');
            setForm({ ...form, cameraId: target.value });
          }}
        />
        <Choice
          legend={words.mode}
          value={form.mode}
          options={[
            { value: 'members', label: words.members, hint: words.membersHint },
            { value: 'returning', label: words.returning, hint: words.returningHint },
            { value: 'day', label: words.day, hint: words.dayHint },
            { value: 'count', label: words.count, hint: words.countHint },
          ]}
          onChange={(mode) => setForm({ ...form, mode })}
        />
        {failure !== null && <ErrorNotice error={failure} />}
        <DialogActions confirm={words.submit} isBusy={isBusy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
