import { RegularsError } from '@regulars/contracts';
import type { IndexedValue } from './document-store.js';

/** Order of kinds of values, as MongoDB has it. */
const RANKS = { null: 0, number: 1, string: 2, object: 3, list: 4, bytes: 5, boolean: 6 } as const;
type Kind = keyof typeof RANKS;

const LONE_SURROGATE = /\p{Surrogate}/u;

export function invalid(path: string, reason: string): RegularsError {
  return new RegularsError('DOCUMENT_INVALID', { path, reason });
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'list' : 'object';
}

export function isIndexedValue(value: unknown): value is IndexedValue {
  const kind = kindOf(value);
  return kind === 'null' || kind === 'number' || kind === 'string' || kind === 'boolean';
}

/** Strings in the order of their UTF-8 bytes, which both stores use; UTF-16 orders differently above U+FFFF. */
function compareStrings(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Order of any two values: null and absent, numbers, strings, objects, lists, bytes, false, true.
 *  @param b a scalar: two objects or lists are not compared
 *  @returns negative, zero or positive */
export function compareValues(a: unknown, b: IndexedValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return RANKS[kindOf(a)] - RANKS[kindOf(b)];
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Names of fields that were checked, so that each is looked at once. */
const checkedKeys = new Set<string>();
const MOST_KEYS = 10_000;

function assertKey(key: string, path: string): void {
  if (checkedKeys.has(key)) return;
  if (key === '' || key === '__proto__' || key.startsWith('$') || /[.\0]/.test(key))
    throw invalid(`${path}.${key}`, 'a key must not be empty, hold a dot or begin with $');
  if (checkedKeys.size < MOST_KEYS) checkedKeys.add(key);
}

function storedObject(value: object, path: string): Record<string, unknown> {
  if (!isPlainObject(value)) throw invalid(path, `a ${value.constructor.name} is no plain value`);
  const stored: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    assertKey(key, path);
    if (field === undefined) continue;
    const isNested = typeof field === 'object' && field !== null;
    // A path is put together only where something below it may need it.
    stored[key] =
      isNested || !isSimple(field) ? toStored(field, path === '' ? key : `${path}.${key}`) : field;
  }
  return stored;
}

/** Whether it is kept as it is. */
function isSimple(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return !LONE_SURROGATE.test(value);
    case 'number':
      return Number.isFinite(value) && value !== 0;
    case 'boolean':
      return true;
    default:
      return value === null;
  }
}

/** The value as every store keeps it: a copy without undefined fields, -0 as 0, bytes as plain Uint8Array,
 *  unpaired surrogates replaced as UTF-8 does.
 *  @throws RegularsError DOCUMENT_INVALID for what is no JSON value or bytes (NaN, Date, bigint, function) */
export function toStored(value: unknown, path = ''): unknown {
  switch (typeof value) {
    case 'string':
      return LONE_SURROGATE.test(value) ? Buffer.from(value).toString() : value;
    case 'number':
      if (!Number.isFinite(value)) throw invalid(path, 'a number must be finite');
      return value === 0 ? 0 : value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return new Uint8Array(value);
      if (!Array.isArray(value)) return storedObject(value, path);
      return value.map((item: unknown, i) => (item === undefined ? null : toStored(item, `${path}[${i}]`)));
    default:
      throw invalid(path, `a ${typeof value} cannot be stored`);
  }
}
