import { isRegularsError, messageOf, RegularsError, TransientError } from '@regulars/contracts';
import { mongo } from 'mongoose';

const { MongoServerError, MongoError } = mongo;

const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;
const UNAUTHORISED = [13, 18, 8000];
/** No primary, shutting down, timed out: https://github.com/mongodb/specifications, retryable writes, and
 *  MaxTimeMSExpired, WriteConcernTimeout. */
const AWAY = [6, 7, 50, 64, 89, 91, 112, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];
/** The update does not fit the document: TypeMismatch, BadValue, PathNotViable. */
const UNFIT = [2, 14, 28];

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Whether the duplicate is of the key itself, not of a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  const pattern: unknown = error.keyPattern;
  if (typeof pattern === 'object' && pattern !== null) return '_id' in pattern;
  return error.message.includes('index: _id_');
}

/** Takes user name and password out of a text, however the driver wrote them. */
export function redactor(uri: string): (text: string) => string {
  const userInfo = /^[a-z+]+:\/\/(.*)@/i.exec(uri)?.[1] ?? '';
  const parts = userInfo === '' ? [] : [userInfo, ...userInfo.split(':')];
  const decoded = parts.flatMap((part) => {
    try {
      return [part, decodeURIComponent(part)];
    } catch {
      return [part]; // not percent-encoded: it appears as it is
    }
  });
  const secrets = decoded.filter((part) => part.length > 0).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

function reasonOf(error: Error, redact: (text: string) => string): string {
  return redact(`${error.name}: ${messageOf(error)}`).slice(0, 300);
}

function serverError(
  error: mongo.MongoServerError,
  fields: { collection: string | null; reason: string },
): unknown {
  const code = Number(error.code);
  if (code === DUPLICATE_KEY) {
    return new RegularsError('VALUE_TAKEN', { store: 'mongodb', collection: fields.collection });
  }
  const wanted = { store: 'mongodb', ...fields };
  if (code === OUT_OF_DISK_SPACE) return new TransientError('STORE_FULL', wanted);
  if (UNFIT.includes(code)) {
    return new RegularsError('DOCUMENT_INVALID', { store: 'mongodb', collection: fields.collection, code });
  }
  if (UNAUTHORISED.includes(code) || AWAY.includes(code) || error.hasErrorLabel('RetryableWriteError'))
    return new TransientError('STORE_UNAVAILABLE', wanted);
  return new RegularsError('INTERNAL', wanted);
}

/** Errors of a socket that the driver passes on as they are, e.g. EPIPE when the server was killed. */
function isSocketError(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^E[A-Z]{3,}$/.test(code);
}

/** The driver's errors as errors of ours. They never carry the driver's error itself, which may hold the
 *  address, documents or values. */
export function storeError(
  error: unknown,
  collection: string | null,
  redact: (text: string) => string,
): unknown {
  if (isRegularsError(error)) return error;
  if (!(error instanceof MongoError || isSocketError(error))) return error;
  const fields = { collection, reason: reasonOf(error, redact) };
  if (error instanceof MongoServerError)
    return serverError(error, { ...fields, reason: `${error.name} ${error.code}` });
  return new TransientError('STORE_UNAVAILABLE', { store: 'mongodb', ...fields });
}
