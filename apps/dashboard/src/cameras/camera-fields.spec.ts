import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.js';
import { strings } from '../strings.js';
import { fieldErrorsOf, fieldErrorsOfAnswer } from './camera-fields.js';

const form = { cameraId: 'till', name: 'Till', source: 'rtsp://10.0.0.5/stream', mode: 'members' } as const;

function refused(code: string, fields: Record<string, unknown> = {}): ApiError {
  return new ApiError(code, 422, 'What happened.', 'What to do.', fields);
}

describe('the errors of the camera form', () => {
  it('are none for a complete form', () => {
    expect(fieldErrorsOf(form)).toEqual({});
  });

  it('stand at every wrong field, in plain words', () => {
    const { errors } = strings.cameraForm;
    expect(fieldErrorsOf({ ...form, cameraId: 'Till 2', name: ' ', source: '' })).toEqual({
      cameraId: errors['cameraId'],
      name: errors['name'],
      source: errors['source'],
    });
  });

  it('stand at the field an answer is about, with what to do', () => {
    expect(fieldErrorsOfAnswer(refused('CAMERA_EXISTS'))).toEqual({ cameraId: strings.cameraForm.exists });
    expect(fieldErrorsOfAnswer(refused('CAMERA_SOURCE_REFUSED'))).toEqual({
      source: 'What happened. What to do.',
    });
    expect(fieldErrorsOfAnswer(refused('REQUEST_INVALID', { name: 'too long' }))).toEqual({
      name: strings.cameraForm.errors['name'],
    });
  });

  it('belong to no field when the answer is about something else', () => {
    expect(fieldErrorsOfAnswer(refused('STORE_UNAVAILABLE'))).toEqual({});
  });
});
