import { HttpException } from '@nestjs/common';
import {
  type ErrorBody,
  type ErrorFields,
  isRegularsError,
  RegularsError,
  TransientError,
} from '@regulars/contracts';

/** Fields of REQUEST_INVALID when the body is no JSON. */
export const NO_JSON = { body: 'not valid JSON' };
/** Fields of REQUEST_INVALID when the caller went away before its body was here. */
export const ABORTED = { body: 'request aborted' };

/** How long a caller should wait when something behind the gateway is away, seconds. */
const RETRY_AFTER_S = 5;

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** Whether the log should hold what was thrown: the caller is not told. */
  readonly isUnforeseen: boolean;
}

/** The answer to whatever was thrown while a request was handled. Nothing of an unforeseen error but its
 *  request id goes out. */
export function errorAnswerOf(thrown: unknown, requestId: string): ErrorAnswer {
  const error = foreseen(thrown);
  const known = error ?? new RegularsError('INTERNAL');
  const status = known.status;
  return {
    status,
    headers: headersOf(known),
    body: { error: errorDetailsOf(known, requestId) },
    isUnforeseen: error === null,
  };
}

/** The body of an error, as HTTP answers and socket refusals carry it. */
export function errorDetailsOf(error: RegularsError, requestId: string): ErrorBody['error'] {
  return {
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    fields: { ...error.fields },
    requestId,
  };
}

function headersOf(error: RegularsError): Record<string, string> {
  const headers: Record<string, string> = {};
  const retryAfterS = error.fields['retryAfterS'];
  if (typeof retryAfterS === 'number') headers['Retry-After'] = String(retryAfterS);
  else if (error instanceof TransientError) headers['Retry-After'] = String(RETRY_AFTER_S);
  if (error.status === 401) headers['WWW-Authenticate'] = 'Bearer realm="regulars"';
  return headers;
}

/** @returns null when nobody foresaw it */
function foreseen(thrown: unknown): RegularsError | null {
  if (isRegularsError(thrown)) return thrown;
  if (thrown instanceof HttpException) return fromHttpException(thrown);
  return null;
}

/** Errors that Nest, Express, the body parser and multer throw, by their status. */
function fromHttpException(exception: HttpException): RegularsError | null {
  const status = exception.getStatus();
  const options = { cause: exception };
  if (status === 404) return new RegularsError('NOT_FOUND', {}, options);
  if (status === 413) return new RegularsError('REQUEST_TOO_LARGE', fieldOf(exception), options);
  if (status === 429) return new RegularsError('RATE_LIMITED', {}, options);
  if (status >= 400 && status < 500) {
    return new RegularsError('REQUEST_INVALID', reasonOf(exception), options);
  }
  return null;
}

function reasonOf(exception: HttpException): ErrorFields {
  const cause = exception.cause as { type?: unknown; field?: unknown; code?: unknown } | undefined;
  if (cause?.type === 'entity.parse.failed') return NO_JSON;
  if (cause instanceof URIError) return { path: 'not valid percent-encoding' };
  const field = typeof cause?.field === 'string' && cause.field.length <= 80 ? cause.field : 'body';
  return { [field]: exception.message };
}

function fieldOf(exception: HttpException): ErrorFields {
  const cause = exception.cause as { field?: unknown } | undefined;
  return typeof cause?.field === 'string' ? { field: cause.field.slice(0, 80) } : {};
}
