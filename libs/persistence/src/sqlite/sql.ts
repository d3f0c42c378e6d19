import { createHash } from 'node:crypto';
import type { Condition } from '../conditions.js';
import type { CollectionSpec, IndexSpec } from '../document-store.js';
import type { Selection } from '../page.js';
import { assertPath } from '../paths.js';
import { invalid } from '../values.js';

export type Binding = string | number | Uint8Array;
export interface Sql {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

const NAME = /^[a-z][a-z_]{0,39}$/;
const FALSE = "x'00'";
const TRUE = "x'01'";

export function tableOf(spec: CollectionSpec): string {
  if (!NAME.test(spec.name)) throw invalid(spec.name, 'a collection is named by letters and underscores');
  return `"${spec.name}"`;
}

/** A path as SQLite's JSON functions take it, quoted. */
export function jsonPathOf(path: string): string {
  const names = path.split('.').map((name) => `"${name}"`);
  return `'$.${names.join('.')}'`;
}

/** The value at a path as SQLite compares and orders it. Booleans are bytes, because JSON's true would equal
 *  the number 1; objects and lists are bytes that no condition asks for. */
export function expressionOf(path: string): string {
  if (path === '_id') return 'id';
  const at = jsonPathOf(path);
  const type = `json_type(body, ${at})`;
  return (
    `CASE ${type} WHEN 'true' THEN ${TRUE} WHEN 'false' THEN ${FALSE} ` +
    `WHEN 'object' THEN x'02' WHEN 'array' THEN x'03' ELSE json_extract(body, ${at}) END`
  );
}

/** Bounds of a type in SQLite's order (null, numbers, text, bytes), so that a range stays within its type. */
const TYPE_BOUNDS = {
  number: { above: '', below: "< ''" },
  string: { above: "AND %e >= ''", below: "< x''" },
  boolean: { above: "AND %e >= x''", below: `<= ${TRUE}` },
} as const;

const OPERATORS = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;

function bind(value: string | number | boolean): Binding {
  return typeof value === 'boolean' ? new Uint8Array([Number(value)]) : value;
}

function conditionSql(condition: Condition): Sql {
  const e = expressionOf(condition.path);
  switch (condition.kind) {
    case 'never':
      return { text: '0', bindings: [] };
    case 'present':
      return { text: `${e} IS NOT NULL`, bindings: [] };
    case 'equal':
      if (condition.value === null) return { text: `${e} IS NULL`, bindings: [] };
      return { text: `${e} = ?`, bindings: [bind(condition.value)] };
    default: {
      const bounds = TYPE_BOUNDS[typeof condition.value as keyof typeof TYPE_BOUNDS];
      const upwards = condition.kind === 'gte' || condition.kind === 'gt';
      const typed = upwards ? `AND ${e} ${bounds.below}` : bounds.above.replace('%e', e);
      return { text: `${e} ${OPERATORS[condition.kind]} ? ${typed}`, bindings: [bind(condition.value)] };
    }
  }
}

export function whereSql(conditions: readonly Condition[]): Sql {
  if (conditions.length === 0) return { text: '', bindings: [] };
  const parts = conditions.map(conditionSql);
  return {
    text: ` WHERE ${parts.map((part) => part.text).join(' AND ')}`,
    bindings: parts.flatMap((part) => part.bindings),
  };
}

export function selectSql(spec: CollectionSpec, { conditions, plan, limit }: Selection, column: string): Sql {
  const where = whereSql(conditions);
  const order = plan.order
    .map((field) => `${expressionOf(field)} ${plan.direction.toUpperCase()}`)
    .join(', ');
  return {
    text: `SELECT ${column} FROM ${tableOf(spec)}${where.text} ORDER BY ${order} LIMIT ?`,
    bindings: [...where.bindings, limit],
  };
}

/** Named after its definition, so that a changed one is made anew. */
export function indexName(spec: CollectionSpec, index: IndexSpec): string {
  const kind = index.sparse === true ? ['sparse'] : [];
  const definition = JSON.stringify([index.fields, index.unique === true, ...kind]);
  const mark = createHash('sha256').update(definition).digest('hex').slice(0, 8);
  return `${spec.name}.${index.name}.${mark}`;
}

export function createTableSql(spec: CollectionSpec): string {
  return `CREATE TABLE IF NOT EXISTS ${tableOf(spec)} (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL)`;
}

export function createIndexSql(spec: CollectionSpec, index: IndexSpec): string {
  index.fields.forEach(assertPath);
  const unique = index.unique === true;
  const fields = index.fields.map(expressionOf);
  const keys = unique ? fields : [...fields, 'id'];
  return (
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS "${indexName(spec, index)}" ` +
    `ON ${tableOf(spec)} (${keys.join(', ')})` +
    (index.sparse === true ? ` WHERE ${fields[0] ?? 'id'} IS NOT NULL` : '')
  );
}
