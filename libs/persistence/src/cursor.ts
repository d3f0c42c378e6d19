import { createHash } from 'node:crypto';
import { RegularsError } from '@regulars/contracts';
import { z } from 'zod';
import type { Condition } from './conditions.js';
import type { CollectionSpec, IndexedValue } from './document-store.js';
import { valueAt } from './paths.js';
import type { Plan } from './plan.js';

const Token = z.tuple([z.string()], z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What the cursor continues: collection, equalities and order. Ranges may differ, e.g. "until now". */
function fingerprint(
  spec: CollectionSpec,
  plan: Plan,
  equals: readonly Condition[],
  values: readonly IndexedValue[],
): string {
  const parts = [spec.name, plan.order, plan.direction, equals, values];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 11);
}

function equalities(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter((c) => c.kind === 'equal').sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The place behind a document in the order of a plan. Opaque to its holder; it says nothing of the document
 *  but the values it is ordered by. */
export function cursorAfter(
  spec: CollectionSpec,
  plan: Plan,
  where: readonly Condition[],
  document: unknown,
): string {
  const values = plan.order.map((field) => (valueAt(document, field) ?? null) as IndexedValue);
  const token = [fingerprint(spec, plan, equalities(where), values), ...values];
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function tokenOf(cursor: string): z.infer<typeof Token> | null {
  try {
    return Token.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    return null; // refused by the caller, with the code that the client knows
  }
}

/** The values that the cursor stands behind.
 *  @throws RegularsError REQUEST_INVALID when it was not made by this query */
export function valuesOfCursor(
  cursor: string,
  spec: CollectionSpec,
  plan: Plan,
  where: readonly Condition[],
): readonly IndexedValue[] {
  const token = tokenOf(cursor);
  const [mark, ...values] = token ?? [''];
  const complete = values.length === plan.order.length && typeof values.at(-1) === 'string';
  if (!complete || mark !== fingerprint(spec, plan, equalities(where), values)) {
    throw new RegularsError('REQUEST_INVALID', { cursor: 'is not one that this list gave' });
  }
  return values;
}
