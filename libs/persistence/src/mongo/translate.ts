import { mongo } from 'mongoose';
import type { Step } from '../change.js';
import type { Condition } from '../conditions.js';
import type { IndexSpec } from '../document-store.js';
import { isFields } from '../paths.js';
import type { Plan } from '../plan.js';

export interface Stored {
  readonly _id: string;
  readonly [field: string]: unknown;
}

/** A list at the path would be searched through by MongoDB; here it fulfils no condition. Indexed fields hold
 *  no lists, so the guard costs nothing there. */
const NO_LIST = { $not: { $type: 'array' } };

function conditionFilter(condition: Condition): mongo.Filter<Stored> {
  const { path } = condition;
  switch (condition.kind) {
    case 'never':
      return { _id: { $in: [] } };
    case 'present':
      return { [path]: { $ne: null } };
    case 'equal':
      return { [path]: condition.value };
    default:
      return { [path]: { [`$${condition.kind}`]: condition.value } };
  }
}

/** @param guarded paths that may hold lists */
export function filterOf(conditions: readonly Condition[], guarded: boolean): mongo.Filter<Stored> {
  const filters = conditions.map(conditionFilter);
  const paths = guarded ? new Set(conditions.map(({ path }) => path).filter((path) => path !== '_id')) : [];
  for (const path of paths) {
    const names = path.split('.');
    for (let i = 1; i <= names.length; i++) filters.push({ [names.slice(0, i).join('.')]: NO_LIST });
  }
  const [only, ...more] = filters;
  return only === undefined ? {} : more.length === 0 ? only : { $and: filters };
}

export function sortOf(plan: Plan): Record<string, 1 | -1> {
  return Object.fromEntries(plan.order.map((field) => [field, plan.direction === 'asc' ? 1 : -1]));
}

const OPERATORS = {
  set: '$set',
  unset: '$unset',
  inc: '$inc',
  min: '$min',
  max: '$max',
  push: '$push',
  addToSet: '$addToSet',
} as const;

/** @param onInsert further fields of a document that the update makes */
export function updateOf(steps: readonly Step[], onInsert: readonly Step[] = []): mongo.UpdateFilter<Stored> {
  const update: Record<string, Record<string, unknown>> = {};
  for (const step of steps) {
    const value = step.kind === 'unset' ? '' : step.value;
    (update[OPERATORS[step.kind]] ??= {})[step.path] = value;
  }
  for (const step of onInsert) {
    if (step.kind === 'set') (update.$setOnInsert ??= {})[step.path] = step.value;
  }
  return update;
}

/** A document as it came, bytes as plain Uint8Array. */
export function fromMongo(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof mongo.Binary) return new Uint8Array(value.value());
  if (Array.isArray(value)) return value.map(fromMongo);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fromMongo(field)]));
}

/** Our indexes among those of a collection. */
export const INDEX_PREFIX = 'regulars_';

export function indexOf(index: IndexSpec): mongo.IndexDescription & { name: string } {
  const key = Object.fromEntries(index.fields.map((field) => [field, 1 as const]));
  const mark = index.fields.join('_').replaceAll('.', '_');
  if (index.unique !== true) return { key: { ...key, _id: 1 }, name: `${INDEX_PREFIX}${mark}` };
  const present = Object.fromEntries(index.fields.map((field) => [field, { $exists: true }]));
  return { key, name: `${INDEX_PREFIX}unique_${mark}`, unique: true, partialFilterExpression: present };
}
