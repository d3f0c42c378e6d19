import { setImmediate } from 'node:timers/promises';
import { isRegularsError } from '@regulars/contracts';
import { applySteps, assertIndexable, assertIndexableSteps, inserted, stepsOf } from '../change.js';
import { conditionsOf, fulfils } from '../conditions.js';
import type {
  BulkOperation,
  Change,
  Collection,
  CollectionSpec,
  Document,
  Page,
  Query,
  UpdateOptions,
  Where,
} from '../document-store.js';
import { eachDocument, MAX_PAGE, readPage } from '../page.js';
import { planOf } from '../plan.js';
import { invalid, toStored } from '../values.js';
import { fromBody, toBody } from './body.js';
import { jsonPathOf, selectSql, tableOf, whereSql } from './sql.js';
import { isConstraint, storeError } from './sqlite-errors.js';
import type { SqliteFile } from './sqlite-file.js';

/** Operations of one bulk transaction; between two the process may do other work. */
const BULK_STEP = 500;
/** Documents inserted by one transaction: with fewer the same pages are written again and again (a fifth of a
 *  second, measured). */
const INSERT_STEP = 5_000;

/** The fields that all operations take off, where they do nothing else: no document can refuse that.
 *  @returns null for other operations */
function sameRemoval<T extends Document>(operations: readonly BulkOperation<T>[]): readonly string[] | null {
  const [first] = operations;
  if (first?.kind !== 'update') return null;
  const { change } = first;
  const isSame = operations.every((one) => {
    return one.kind === 'update' && one.change === change && one.insert === undefined;
  });
  const steps = isSame ? stepsOf(change) : [];
  const isRemoval = steps.length > 0 && steps.every(({ kind }) => kind === 'unset');
  return isRemoval ? steps.map(({ path }) => path) : null;
}

/** Keys that are bound as one list, so that one statement serves them all. */
const CHOSEN = 'SELECT value FROM json_each(?)';

interface Row {
  readonly body: string;
}

/** One table of `id` and `body` (JSON). */
export class SqliteCollection<T extends Document> implements Collection<T> {
  private readonly table: string;

  constructor(
    private readonly file: SqliteFile,
    private readonly spec: CollectionSpec,
  ) {
    this.table = tableOf(spec);
  }

  /** Every operation passes here: the table is ready, and SQLite's errors become ours. */
  private async run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      this.file.prepareCollection(this.spec);
      return await work();
    } catch (error) {
      throw storeError(error, this.spec.name);
    }
  }

  private read(id: string): T | null {
    const [row] = this.file.rows<Row>({
      text: `SELECT body FROM ${this.table} WHERE id = ?`,
      bindings: [id],
    });
    return row ? (fromBody(row.body) as T) : null;
  }

  private checked(document: object): T {
    const stored = toStored(document) as T;
    assertIndexable(this.spec, stored);
    return stored;
  }

  private insert(document: object): boolean {
    const stored = this.checked(document);
    const text = `INSERT INTO ${this.table} (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING`;
    return this.file.run(text, [stored._id, toBody(stored)]) === 1;
  }

  private write(document: object): void {
    const stored = this.checked(document);
    const text = `INSERT INTO ${this.table} (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`;
    this.file.run(text, [stored._id, toBody(stored)]);
  }

  private change(id: string, change: Change, { where, insert }: UpdateOptions): T | null {
    const steps = stepsOf(change);
    assertIndexableSteps(this.spec, steps);
    const conditions = conditionsOf(where);
    const made = insert && this.checked(inserted(id, insert, steps));
    const current = this.read(id);
    if (current === null && made === undefined) return null;
    if (current !== null && !fulfils(current, conditions)) return null;
    const next = current === null ? (made as T) : applySteps(current, steps);
    if (current === null || steps.length > 0) this.write(next);
    return next;
  }

  private remove(id: string): boolean {
    return this.file.run(`DELETE FROM ${this.table} WHERE id = ?`, [id]) === 1;
  }

  get(id: string): Promise<T | null> {
    return this.run(() => this.read(id));
  }

  getAll(ids: readonly string[]): Promise<T[]> {
    return this.run(async () => {
      const found: T[] = [];
      const text = `SELECT body FROM ${this.table} WHERE id IN (${CHOSEN})`;
      for (let i = 0; i < ids.length; i += BULK_STEP) {
        if (i > 0) await setImmediate();
        const bindings = [JSON.stringify(ids.slice(i, i + BULK_STEP))];
        for (const { body } of this.file.rows<Row>({ text, bindings })) found.push(fromBody(body) as T);
      }
      return found;
    });
  }

  find(query: Query): Promise<Page<T>> {
    return this.run(() =>
      readPage(this.spec, query, (selection) =>
        this.file.rows<Row>(selectSql(this.spec, selection, 'body')).map((row) => fromBody(row.body) as T),
      ),
    );
  }

  each(query: Omit<Query, 'cursor'>): AsyncGenerator<T> {
    return eachDocument(query, (page: Query) => this.find(page));
  }

  count(where: Where): Promise<number> {
    return this.run(() => {
      const conditions = conditionsOf(where);
      planOf(this.spec, conditions);
      const { text, bindings } = whereSql(conditions);
      const sql = { text: `SELECT count(*) AS n FROM ${this.table}${text}`, bindings };
      return this.file.rows<{ n: number }>(sql)[0]?.n ?? 0;
    });
  }

  insertOnce(document: T): Promise<boolean> {
    return this.run(() => this.insert(document));
  }

  insertAllOnce(documents: readonly T[]): Promise<boolean[]> {
    return this.run(async () => {
      const inserted: boolean[] = [];
      for (let i = 0; i < documents.length; i += INSERT_STEP) {
        if (i > 0) await setImmediate();
        const step = documents.slice(i, i + INSERT_STEP);
        inserted.push(...this.file.transaction(() => step.map((document) => this.insert(document))));
      }
      return inserted;
    });
  }

  put(document: T): Promise<void> {
    return this.run(() => this.write(document));
  }

  update(id: string, change: Change, options: UpdateOptions = {}): Promise<T | null> {
    return this.run(() => this.file.transaction(() => this.change(id, change, options)));
  }

  bulk(operations: readonly BulkOperation<T>[]): Promise<void> {
    return this.run(async () => {
      for (let i = 0; i < operations.length; i += BULK_STEP) {
        if (i > 0) await setImmediate();
        const step = operations.slice(i, i + BULK_STEP);
        const same = sameRemoval(step);
        const failure = this.file.transaction(() =>
          same === null ? this.runInOrder(step) : this.removeFields(step, same),
        );
        if (failure) throw failure.error;
      }
    });
  }

  /** The same fields of many documents, by one statement. */
  private removeFields(operations: readonly BulkOperation<T>[], paths: readonly string[]): null {
    const ids = operations.flatMap((operation) => (operation.kind === 'update' ? [operation.id] : []));
    const places = paths.map(jsonPathOf).join(', ');
    const text = `UPDATE ${this.table} SET body = json_remove(body, ${places}) WHERE id IN (${CHOSEN})`;
    this.file.run(text, [JSON.stringify(ids)]);
    return null;
  }

  /** What came before a failed operation stays. */
  private runInOrder(operations: readonly BulkOperation<T>[]): { error: unknown } | null {
    for (const operation of operations) {
      try {
        this.runOne(operation);
      } catch (error) {
        // Anything else (full, I/O) has ended the whole transaction.
        if (isRegularsError(error) || isConstraint(error)) return { error };
        throw error;
      }
    }
    return null;
  }

  private runOne(operation: BulkOperation<T>): void {
    switch (operation.kind) {
      case 'insertOnce':
        this.insert(operation.document);
        return;
      case 'replace':
        return this.write(operation.document);
      case 'update':
        this.change(operation.id, operation.change, { insert: operation.insert });
        return;
      case 'delete':
        this.remove(operation.id);
        return;
    }
  }

  delete(id: string): Promise<boolean> {
    return this.run(() => this.remove(id));
  }

  deleteWhere(where: Where): Promise<number> {
    return this.run(async () => {
      const conditions = conditionsOf(where);
      if (conditions.length === 0) throw invalid('where', 'a deletion names at least one condition');
      const plan = planOf(this.spec, conditions);
      const { text, bindings } = selectSql(this.spec, { conditions, plan, limit: MAX_PAGE }, 'id');
      let total = 0;
      for (;;) {
        const deleted = this.file.run(`DELETE FROM ${this.table} WHERE id IN (${text})`, bindings);
        total += deleted;
        if (deleted < MAX_PAGE) return total;
        await setImmediate();
      }
    });
  }
}
