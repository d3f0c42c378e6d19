import { isRegularsError, messageOf, RegularsError, TransientError } from '@regulars/contracts';
import type { ErrorMessage } from './calls.js';

/** An error as it can cross from one thread to another. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (!isRegularsError(error)) {
    return { code: 'INTERNAL', fields: {}, transient: false, detail: messageOf(error) };
  }
  const { code, fields } = error;
  return { code, fields, transient: error instanceof TransientError, detail: null };
}

export function fromErrorMessage({ code, fields, transient, detail }: ErrorMessage): RegularsError {
  const options = detail === null ? {} : { cause: new Error(detail) };
  return transient ? new TransientError(code, fields, options) : new RegularsError(code, fields, options);
}
