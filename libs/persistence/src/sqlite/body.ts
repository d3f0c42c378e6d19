import { isFields } from '../paths.js';

/** Bytes in JSON. No document has a key that begins with `$`, so nothing else looks like this. */
const BYTES = '$bytes';

function toJsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJsonValue(field)]));
}

function fromJsonValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJsonValue);
  if (!isFields(value)) return value;
  const bytes = value[BYTES];
  if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fromJsonValue(field)]));
}

/** @param document in its stored form (`toStored`)
 *  @returns JSON text, bytes as `{"$bytes": base64}` */
export function toBody(document: unknown): string {
  return JSON.stringify(holdsBytes(document) ? toJsonValue(document) : document);
}

function holdsBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Uint8Array) return true;
  for (const field of Object.values(value)) if (holdsBytes(field)) return true;
  return false;
}

export function fromBody(body: string): unknown {
  const value: unknown = JSON.parse(body);
  return body.includes(`"${BYTES}"`) ? fromJsonValue(value) : value;
}
