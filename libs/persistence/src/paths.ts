import { invalid } from './values.js';

/** Names joined by dots. A name of digits alone would mean a place in a list to MongoDB. */
const PATH = /^(?!\d+(?:\.|$))[\w-]+(?:\.(?!\d+(?:\.|$))[\w-]+)*$/;

export type Fields = Record<string, unknown>;

/** @throws RegularsError DOCUMENT_INVALID when it is no path such as `visitor.customerId` */
export function assertPath(path: string): void {
  if (!PATH.test(path) || path.split('.').includes('__proto__')) {
    throw invalid(
      path,
      'a path is names joined by dots; a name is letters, digits, - and _, not digits only',
    );
  }
}

export function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** @returns what stands at the path; undefined when something before it is absent or no object */
export function valueAt(document: unknown, path: string): unknown {
  if (!path.includes('.'))
    return isFields(document) && Object.hasOwn(document, path) ? document[path] : undefined;
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (!isFields(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The object that holds the last name of the path, made on the way when absent.
 *  @throws RegularsError DOCUMENT_INVALID when a value on the way is no object */
function holderOf(document: Fields, names: readonly string[], path: string): Fields {
  let holder = document;
  for (const name of names) {
    const next = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (next === undefined) {
      const made: Fields = {};
      holder[name] = made;
      holder = made;
    } else if (isFields(next)) holder = next;
    else throw invalid(path, `${name} holds a value that has no fields`);
  }
  return holder;
}

/** Sets the value in place. @throws RegularsError DOCUMENT_INVALID when a value on the way is no object */
export function setAt(document: Fields, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  holderOf(document, names, path)[last] = value;
}

export function unsetAt(document: Fields, path: string): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  const holder = names.length === 0 ? document : valueAt(document, names.join('.'));
  if (isFields(holder)) delete holder[last];
}

/** Whether one path is the other or leads through it. */
export function pathsOverlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
