import { RegularsError } from '@regulars/contracts';
import type { Condition } from './conditions.js';
import type { CollectionSpec, IndexSpec, Query } from './document-store.js';

export type Direction = 'asc' | 'desc';

/** How a query is answered: by which index, in which total order. */
export interface Plan {
  /** Null is the key `_id` itself. */
  readonly index: IndexSpec | null;
  /** Fields that the results are ordered by, the last of them `_id`. */
  readonly order: readonly string[];
  readonly direction: Direction;
}

interface Wanted {
  readonly equals: ReadonlyMap<string, Condition>;
  readonly ranged: ReadonlySet<string>;
  readonly sort: readonly string[];
  readonly direction: Direction;
}

function wantedOf(conditions: readonly Condition[], sort: NonNullable<Query['sort']>): Wanted | null {
  const equals = new Map(conditions.filter((c) => c.kind === 'equal').map((c) => [c.path, c] as const));
  const ranged = new Set(conditions.filter((c) => c.kind !== 'equal').map((c) => c.path));
  const left = sort.filter(([field]) => !equals.has(field));
  const direction = left[0]?.[1] ?? 'asc';
  if (left.some(([, other]) => other !== direction)) return null;
  return { equals, ranged, sort: left.map(([field]) => field), direction };
}

function orderOf(keys: readonly string[], wanted: Wanted): readonly string[] | null {
  const equal = keys.findIndex((key) => !wanted.equals.has(key));
  if (equal !== wanted.equals.size) return null;
  const rest = keys.slice(equal);
  if ([...wanted.ranged].some((path) => path !== rest[0])) return null;
  const sort = wanted.sort;
  if (sort.length === 0) return rest;
  const complete = sort.at(-1) === '_id' ? sort : [...sort, '_id'];
  return complete.length === rest.length && complete.every((field, i) => field === rest[i]) ? rest : null;
}

function planByIndex(index: IndexSpec, wanted: Wanted): Plan | null {
  const { direction, equals } = wanted;
  if (index.unique !== true) {
    if (index.sparse === true && !isPresent(index.fields[0] ?? '', wanted)) return null;
    const order = orderOf([...index.fields, '_id'], wanted);
    return order && { index, order, direction };
  }
  // Documents without the fields are not in a unique index, so it serves whole, present values only.
  const whole = index.fields.every((field) => {
    const condition = equals.get(field);
    return condition?.kind === 'equal' && condition.value !== null;
  });
  const order = whole ? orderOf([...index.fields, '_id'], wanted) : null;
  return order && { index, order, direction };
}

/** Whether only documents with a value there fulfil the conditions. */
function isPresent(field: string, { equals, ranged }: Wanted): boolean {
  const condition = equals.get(field);
  return ranged.has(field) || (condition?.kind === 'equal' && condition.value !== null);
}

function planByKey(wanted: Wanted): Plan | null {
  const { direction, equals } = wanted;
  if (equals.has('_id')) return { index: null, order: ['_id'], direction };
  const order = orderOf(['_id'], wanted);
  return order && { index: null, order, direction };
}

/** Decides which declared index serves the conditions and the order, so that the store reads only documents
 *  that it gives back. Equalities must be the first fields of the index, at most one range stands on the field
 *  after them, and the sort is the rest of the fields, forwards or backwards. Both stores use this decision.
 *  @throws RegularsError QUERY_NOT_INDEXED when none serves */
export function planOf(
  spec: CollectionSpec,
  conditions: readonly Condition[],
  sort: NonNullable<Query['sort']> = [],
): Plan {
  const wanted = wantedOf(conditions, sort);
  const plans = wanted
    ? [planByKey(wanted), ...spec.indexes.map((index) => planByIndex(index, wanted))].filter(
        (p) => p !== null,
      )
    : [];
  const [best] = plans.sort((a, b) => a.order.length - b.order.length);
  if (best) return best;
  throw new RegularsError('QUERY_NOT_INDEXED', {
    collection: spec.name,
    where: conditions.map((c) => `${c.path} ${c.kind}`),
    sort: sort.map(([field, direction]) => `${field} ${direction}`),
  });
}
