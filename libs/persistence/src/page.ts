import { conditionsOf, type Condition } from './conditions.js';
import { cursorAfter, valuesOfCursor } from './cursor.js';
import type { CollectionSpec, Document, IndexedValue, Page, Query } from './document-store.js';
import { planOf, type Plan } from './plan.js';
import { invalid } from './values.js';

export const MAX_PAGE = 1_000;

/** One ordered read of an index. */
export interface Selection {
  readonly conditions: readonly Condition[];
  readonly plan: Plan;
  readonly limit: number;
}

function past(path: string, value: IndexedValue, descending: boolean): Condition[] {
  // Null sorts first: ascending everything else is past it, descending nothing is.
  if (value === null) return [descending ? { kind: 'never', path } : { kind: 'present', path }];
  return [{ kind: descending ? 'lt' : 'gt', path, value }];
}

/** Parts that, one after the other, hold everything behind the given values in the plan's order: first what
 *  shares all values but the last, then all but the last two, and so on. Each is one range of the index. */
export function partsAfter(plan: Plan, values: readonly IndexedValue[]): Condition[][] {
  const descending = plan.direction === 'desc';
  const parts: Condition[][] = [];
  for (let i = plan.order.length - 1; i >= 0; i--) {
    const shared = plan.order.slice(0, i).map((path, j): Condition => {
      return { kind: 'equal', path, value: values[j] ?? null };
    });
    const path = plan.order[i] ?? '_id';
    const value = values[i] ?? null;
    parts.push([...shared, ...past(path, value, descending)]);
    if (descending && value !== null && path !== '_id') {
      parts.push([...shared, { kind: 'equal', path, value: null }]);
    }
  }
  return parts.filter((part) => part.every((condition) => condition.kind !== 'never'));
}

/** Reads one page by as many selections as the cursor's place asks for.
 *  @throws RegularsError QUERY_NOT_INDEXED, REQUEST_INVALID for a foreign cursor */
export async function readPage<T extends Document>(
  spec: CollectionSpec,
  query: Query,
  select: (selection: Selection) => Promise<T[]> | T[],
): Promise<Page<T>> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > MAX_PAGE) {
    throw invalid('limit', `a page holds 1 to ${MAX_PAGE} documents`);
  }
  const where = conditionsOf(query.where);
  const conditions = [...where, ...conditionsOf(query.filter)];
  const plan = planOf(spec, where, query.sort);
  const parts =
    query.cursor === undefined ? [[]] : partsAfter(plan, valuesOfCursor(query.cursor, spec, plan, where));
  const items: T[] = [];
  for (const part of parts) {
    const limit = query.limit + 1 - items.length;
    if (limit > 0) items.push(...(await select({ conditions: [...conditions, ...part], plan, limit })));
  }
  const more = items.length > query.limit;
  const page = more ? items.slice(0, query.limit) : items;
  return { items: page, nextCursor: more ? cursorAfter(spec, plan, where, page.at(-1)) : null };
}

/** All pages of a query, one after the other. */
export async function* eachDocument<T>(
  query: Omit<Query, 'cursor'>,
  find: (query: Query) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await find(cursor === null ? query : { ...query, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
