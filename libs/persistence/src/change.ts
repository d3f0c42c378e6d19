import type { Change, CollectionSpec, IndexedValue } from './document-store.js';
import { assertPath, isFields, pathsOverlap, setAt, unsetAt, valueAt, type Fields } from './paths.js';
import { compareValues, invalid, isIndexedValue, toStored } from './values.js';

/** What a change does to which path, in the stored form of its values. */
export type Step =
  | { readonly kind: 'unset'; readonly path: string }
  | { readonly kind: 'set' | 'push'; readonly path: string; readonly value: unknown }
  | { readonly kind: 'min' | 'max' | 'addToSet'; readonly path: string; readonly value: IndexedValue }
  | { readonly kind: 'inc'; readonly path: string; readonly value: number };

function entries<V>(record: Readonly<Record<string, V>> | undefined): [string, V][] {
  return Object.entries(record ?? {}).filter(([, value]) => value !== undefined);
}

function scalar(path: string, value: unknown): IndexedValue {
  const stored = toStored(value, path);
  if (!isIndexedValue(stored)) throw invalid(path, 'only a string, number, boolean or null is compared');
  return stored;
}

function increment(path: string, value: number): number {
  const stored = toStored(value, path);
  if (typeof stored !== 'number') throw invalid(path, 'only a number is added');
  return stored;
}

function assertSteps(steps: readonly Step[]): void {
  for (const [i, step] of steps.entries()) {
    assertPath(step.path);
    if (step.path === '_id' || step.path.startsWith('_id.')) throw invalid('_id', 'a key never changes');
    const other = steps.slice(0, i).find(({ path }) => pathsOverlap(path, step.path));
    if (other) throw invalid(step.path, `the change touches it twice (${other.path})`);
  }
}

/** The single steps of a change; undefined values are left out.
 *  @throws RegularsError DOCUMENT_INVALID when two steps touch one path, or one touches `_id` */
export function stepsOf(change: Change): Step[] {
  const steps: Step[] = [
    ...entries(change.set).map(([path, value]) => ({
      kind: 'set' as const,
      path,
      value: toStored(value, path),
    })),
    ...(change.unset ?? []).map((path) => ({ kind: 'unset' as const, path })),
    ...entries(change.inc).map(([path, by]) => ({ kind: 'inc' as const, path, value: increment(path, by) })),
    ...entries(change.min).map(([path, value]) => ({
      kind: 'min' as const,
      path,
      value: scalar(path, value),
    })),
    ...entries(change.max).map(([path, value]) => ({
      kind: 'max' as const,
      path,
      value: scalar(path, value),
    })),
    ...entries(change.push).map(([path, value]) => ({
      kind: 'push' as const,
      path,
      value: toStored(value, path),
    })),
    ...entries(change.addToSet).map(([path, value]) => ({
      kind: 'addToSet' as const,
      path,
      value: scalar(path, value),
    })),
  ];
  assertSteps(steps);
  return steps;
}

function listAt(document: Fields, path: string): unknown[] {
  const list = valueAt(document, path);
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw invalid(path, 'only a list takes another item');
  return list as unknown[];
}

function applyStep(document: Fields, step: Step): void {
  const { path } = step;
  const current = valueAt(document, path);
  switch (step.kind) {
    case 'set':
      return setAt(document, path, structuredClone(step.value));
    case 'unset':
      return unsetAt(document, path);
    case 'inc':
      if (current !== undefined && typeof current !== 'number')
        throw invalid(path, 'only a number can be added to');
      return setAt(document, path, (current ?? 0) + step.value);
    case 'min':
    case 'max': {
      const order = current === undefined ? 0 : compareValues(current, step.value);
      const wins = current === undefined || (step.kind === 'min' ? order > 0 : order < 0);
      return wins ? setAt(document, path, step.value) : undefined;
    }
    case 'push':
      return setAt(document, path, [...listAt(document, path), structuredClone(step.value)]);
    case 'addToSet': {
      const list = listAt(document, path);
      return setAt(document, path, list.includes(step.value) ? list : [...list, step.value]);
    }
  }
}

/** The document after the steps; the given one stays as it is.
 *  @throws RegularsError DOCUMENT_INVALID when a step does not fit what stands at its path */
export function applySteps<T>(document: T, steps: readonly Step[]): T {
  const changed = structuredClone(document);
  if (isFields(changed)) for (const step of steps) applyStep(changed, step);
  return changed;
}

/** The document that an update makes when its key is free. */
export function inserted(
  id: string,
  values: Readonly<Record<string, unknown>>,
  steps: readonly Step[],
): Fields {
  return applySteps(applySteps<Fields>({ _id: id }, stepsOf({ set: values })), steps);
}

function assertIndexedValue(path: string, value: unknown, unique: boolean): void {
  if (value === undefined) return;
  if (!isIndexedValue(value)) throw invalid(path, 'an indexed field holds a string, number, boolean or null');
  if (value === null && unique) throw invalid(path, 'a field of a unique index is absent rather than null');
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw invalid(path, 'an indexed number is whole');
  if (typeof value === 'string' && value.includes('\0'))
    throw invalid(path, 'an indexed string holds no NUL');
}

interface IndexedPath {
  readonly path: string;
  readonly unique: boolean;
  /** What stands above it, from the outside in. */
  readonly above: readonly string[];
}

const indexedPaths = new WeakMap<CollectionSpec, readonly IndexedPath[]>();

function indexedPathsOf(spec: CollectionSpec): readonly IndexedPath[] {
  const known = indexedPaths.get(spec);
  if (known !== undefined) return known;
  const paths = spec.indexes.flatMap(({ fields, unique }) =>
    fields.map((path) => {
      const names = path.split('.');
      const above = names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'));
      return { path, unique: unique === true, above };
    }),
  );
  indexedPaths.set(spec, paths);
  return paths;
}

/** @throws RegularsError DOCUMENT_INVALID for a key or an indexed field that an index cannot hold */
export function assertIndexable(spec: CollectionSpec, document: unknown): void {
  const id = valueAt(document, '_id');
  if (typeof id !== 'string' || id === '' || id.includes('\0'))
    throw invalid('_id', 'a key is a string, not empty and without NUL');
  for (const { path, unique, above } of indexedPathsOf(spec)) {
    for (const outer of above)
      if (Array.isArray(valueAt(document, outer))) throw invalid(path, 'an index does not reach into a list');
    assertIndexedValue(path, valueAt(document, path), unique);
  }
}

/** The same for a change, whose outcome is not known yet: what it writes to an indexed field must fit there. */
export function assertIndexableSteps(spec: CollectionSpec, steps: readonly Step[]): void {
  for (const { fields, unique } of spec.indexes) {
    for (const path of fields) {
      for (const step of steps) {
        if (step.kind === 'unset' || !pathsOverlap(step.path, path)) continue;
        if (step.kind === 'push' || step.kind === 'addToSet' || step.path.startsWith(`${path}.`)) {
          throw invalid(path, 'an indexed field holds a string, number, boolean or null');
        }
        const holder: Fields = { _id: 'x' };
        setAt(holder, step.path, step.value);
        assertIndexable({ name: spec.name, indexes: [{ name: 'one', fields: [path], unique }] }, holder);
      }
    }
  }
}
