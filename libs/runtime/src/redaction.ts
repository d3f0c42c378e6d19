import { REDACTED, redactText } from '@regulars/contracts';

const DEEPEST = 8;
const LONGEST_LIST = 50;
/** A longer list of numbers may be an embedding, whatever its key. */
const LONGEST_NUMBERS = 16;

const SENSITIVE_KEY =
  /token|secret|passw|pwd|passphrase|authori[sz]ation|cookie|credential|apikey|masterkey|privatekey|embedding|descriptor|displayname|photograph|^template$|^templates$|^probe$/;
/** Ids and counts of sensitive things are not sensitive. */
const HARMLESS_KEY = /(?:id|ids|count|total|bytes)$/;

/** Whether the value under this key must not be written down. */
export function isSensitiveKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SENSITIVE_KEY.test(plain) && !HARMLESS_KEY.test(plain);
}

/** A copy of any value that is fit for a log: without credentials, names, keys, faces or embeddings, bounded in
 *  depth and length, free of cycles. Bytes and long lists of numbers become their size. */
export function redact(value: unknown): unknown {
  return redactValue(value, 0, new Set());
}

function redactValue(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (above.has(value) || depth >= DEEPEST) return '[...]';
  return redactObject(value, depth + 1, new Set([...above, value]));
}

function redactObject(value: object, depth: number, above: ReadonlySet<object>): unknown {
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof Set) return redactList([...value], depth, above);
  if (Array.isArray(value)) return redactList(value, depth, above);
  const entries: [string, unknown][] =
    value instanceof Map
      ? [...value].map(([key, item]) => [String(key), item])
      : value instanceof Error
        ? entriesOfError(value)
        : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      redactText(key),
      isSensitiveKey(key) && item !== undefined && item !== null ? REDACTED : redactValue(item, depth, above),
    ]),
  );
}

function redactList(list: readonly unknown[], depth: number, above: ReadonlySet<object>): unknown {
  if (list.length > LONGEST_NUMBERS && list.every((item) => typeof item === 'number')) {
    return `[${list.length} numbers]`;
  }
  const short = list.slice(0, LONGEST_LIST).map((item) => redactValue(item, depth, above));
  return list.length > LONGEST_LIST ? [...short, `[${list.length - LONGEST_LIST} more]`] : short;
}

function entriesOfError(error: Error): [string, unknown][] {
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key));
  const known: [string, unknown][] = [
    ['name', error.name],
    ['message', error.message],
    ...own,
    ['stack', error.stack],
  ];
  return error.cause === undefined ? known : [...known, ['cause', error.cause]];
}
