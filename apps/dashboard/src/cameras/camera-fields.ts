import { NewCamera } from '@regulars/contracts';
import type { ApiError } from '../api/api-error.js';
import type { CameraForm } from '../api/client.js';
import { strings } from '../strings.js';

type FieldErrors = Readonly<Partial<Record<keyof CameraForm, string>>>;

/** What is wrong with the form, by field, before it is sent. */
export function fieldErrorsOf(form: CameraForm): FieldErrors {
  const parsed = NewCamera.safeParse(form);
  if (parsed.success) return {};
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0]);
    errors[field] ??= strings.cameraForm.errors[field] ?? issue.message;
  }
  return errors;
}

/** The fields an answer of the API is about; empty when it is about none of the form. */
export function fieldErrorsOfAnswer(error: ApiError): FieldErrors {
  const told = `${error.message} ${error.remedy}`;
  if (error.code === 'CAMERA_EXISTS') return { cameraId: strings.cameraForm.exists };
  if (error.code === 'CAMERA_SOURCE_REFUSED') return { source: told };
  if (error.code !== 'REQUEST_INVALID') return {};
  const errors: Record<string, string> = {};
  for (const field of ['cameraId', 'name', 'source', 'mode']) {
    if (!(field in error.fields)) continue;
    errors[field] = strings.cameraForm.errors[field] ?? String(error.fields[field]);
  }
  return errors;
}
