import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { RegularsError } from '@regulars/contracts';
import { ABORTED, NO_JSON } from './error-answer.js';

/** Bytes of a JSON body, unpacked. */
export const JSON_LIMIT = 1024 * 1024;

const PLAIN_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
]);
/** JSON text that is an object or a list, as the body parser of all other routes wants it. */
const OBJECT_OR_LIST = /^[\x20\t\n\r]*[{[]/;
const BYTE_ORDER_MARK = 0xfeff;

/** Whether a body is announced as JSON in UTF-8 of a length that is allowed, not packed: what tills send. */
export function announcesPlainJson(headers: IncomingHttpHeaders): boolean {
  if (!PLAIN_TYPES.has(headers['content-type'])) return false;
  if (headers['content-encoding'] !== undefined || headers['transfer-encoding'] !== undefined) return false;
  const length = Number(headers['content-length']);
  return length > 0 && length <= JSON_LIMIT;
}

/** Reads a body that `announcesPlainJson`. Calls back once, at once with the last byte or with the loss of the
 *  connection, and never throws.
 *  @param done gets RegularsError REQUEST_INVALID for what is no JSON or was cut off */
export function readPlainJson(
  request: IncomingMessage,
  done: (error: RegularsError | null, body: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  let isDone = false;
  const end = (error: RegularsError | null, body: unknown) => {
    if (isDone) return;
    isDone = true;
    done(error, body);
  };
  const cut = () => end(new RegularsError('REQUEST_INVALID', ABORTED), undefined);
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('aborted', cut)
    .on('error', cut)
    .on('end', () => {
      let body: unknown;
      try {
        body = parsedJson(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      } catch (error) {
        end(error as RegularsError, undefined);
        return;
      }
      end(null, body);
    });
}

/** @throws RegularsError REQUEST_INVALID */
function parsedJson(bytes: Buffer): unknown {
  const text = bytes.toString();
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  if (!OBJECT_OR_LIST.test(json)) throw new RegularsError('REQUEST_INVALID', NO_JSON);
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new RegularsError('REQUEST_INVALID', NO_JSON, { cause });
  }
}
