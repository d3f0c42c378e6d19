import { ErrorBody, tolerant } from '@regulars/contracts';
import { strings } from '../strings.js';

/** What a request failed with, ready to be shown: what happened and what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** A code of the contracts' error table, or `UNREACHABLE` / `ANSWER_UNKNOWN` from the page itself. */
    readonly code: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    message: string,
    readonly remedy: string,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** Whether the token was refused. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** The error of an answer that is not a success.
 *  @param body the parsed JSON, or null when it was none */
export function errorOf(status: number, body: unknown): ApiError {
  const parsed = tolerant(ErrorBody).safeParse(body);
  if (!parsed.success) return answerUnknown(status);
  const { code, message, remedy, fields } = parsed.data.error;
  return new ApiError(code, status, message, remedy, fields);
}

export function unreachable(): ApiError {
  return new ApiError('UNREACHABLE', 0, strings.errors.network, strings.errors.networkRemedy);
}

export function answerUnknown(status: number): ApiError {
  return new ApiError('ANSWER_UNKNOWN', status, strings.errors.version, strings.errors.versionRemedy);
}

/** Whatever was thrown, as something that can be shown. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError('PAGE', 0, strings.errors.page, strings.errors.pageRemedy);
}
