import { ERRORS } from './error-table.js';

export { ERRORS };

export type ErrorCode = keyof typeof ERRORS;
export type ErrorFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** An error with a code from the table, the fields it is about and a remedy a person can act on. */
export class RegularsError extends Error {
  override readonly name: string = 'RegularsError';
  readonly code: ErrorCode;
  /** Facts for the reader: names and sizes, never credentials, faces or embeddings. */
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, fields: ErrorFields = {}, options: ErrorOptions = {}) {
    super(ERRORS[code].meaning, options);
    this.code = code;
    this.fields = fields;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get remedy(): string {
    return ERRORS[this.code].remedy;
  }
}

/** Something outside is away for now: the same call may succeed later, so a message is tried again. */
export class TransientError extends RegularsError {
  override readonly name = 'TransientError';
}

export function isRegularsError(error: unknown): error is RegularsError {
  return error instanceof RegularsError;
}

/** The error's message, for a log or an operator, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
