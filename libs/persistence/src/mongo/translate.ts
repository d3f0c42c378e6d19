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
 *  no lists, so the guard is for other fields only. */
const NO_LIST = { $not: { $type: 'array' } };

type Operators = Readonly<Record<string, unknown>>;

function operatorsOf(condition: Condition): Operators {
  switch (condition.kind) {
    case 'never':
      return { $in: [] };
    case 'present':
      return { $ne: null };
    case 'equal':
      return { $eq: condition.value };
    default:
      return { [`$${condition.kind}`]: condition.value };
  }
}

function guardsOf(path: string): [string, Operators][] {
  const names = path.split('.');
  return path === '_id' ? [] : names.map((_, i) => [names.slice(0, i + 1).join('.'), NO_LIST]);
}

function isEquality(operators: Operators): boolean {
  return '$eq' in operators && Object.keys(operators).length === 1;
}

/** One field for each path: not every server looks for an index within `$and` (22 ms against 1 ms for an
 *  equality among 1,000 documents, SecantusDB 0.7.0b3). Only an operator that comes twice for a path is there.
 *  @param guarded whether paths may hold lists */
export function filterOf(conditions: readonly Condition[], guarded: boolean): mongo.Filter<Stored> {
  const wanted = conditions.map((condition) => [condition.path, operatorsOf(condition)] as const);
  const guards = guarded ? conditions.flatMap(({ path }) => guardsOf(path)) : [];
  const fields = new Map<string, Operators>();
  const twice: mongo.Filter<Stored>[] = [];
  for (const [path, operators] of [...wanted, ...guards]) {
    const known = fields.get(path) ?? {};
    if (operators === NO_LIST || !Object.keys(operators).some((operator) => operator in known)) {
      fields.set(path, { ...known, ...operators });
    } else twice.push({ [path]: operators });
  }
  const filter = Object.fromEntries(
    [...fields].map(([path, operators]) => [path, isEquality(operators) ? operators.$eq : operators]),
  );
  return (twice.length > 0 ? { ...filter, $and: twice } : filter) as mongo.Filter<Stored>;
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
  if (index.sparse === true && index.unique !== true) {
    const held = { [index.fields[0] ?? '_id']: { $exists: true } };
    const name = `${INDEX_PREFIX}sparse_${mark}`;
    return { key: { ...key, _id: 1 }, name, partialFilterExpression: held };
  }
  if (index.unique !== true) return { key: { ...key, _id: 1 }, name: `${INDEX_PREFIX}${mark}` };
  const present = Object.fromEntries(index.fields.map((field) => [field, { $exists: true }]));
  return { key, name: `${INDEX_PREFIX}unique_${mark}`, unique: true, partialFilterExpression: present };
}
