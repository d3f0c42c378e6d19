import { isRegularsError, type Telemetry } from '@regulars/contracts';
import type {
  BulkOperation,
  Change,
  Collection,
  CollectionSpec,
  Document,
  DocumentStore,
  Page,
  Query,
  UpdateOptions,
  Where,
} from './document-store.js';
import { eachDocument } from './page.js';

type Observe = <Result>(operation: string, work: () => Promise<Result>) => Promise<Result>;

class ObservedCollection<T extends Document> implements Collection<T> {
  constructor(
    private readonly inner: Collection<T>,
    private readonly observe: Observe,
  ) {}

  get(id: string): Promise<T | null> {
    return this.observe('get', () => this.inner.get(id));
  }

  getAll(ids: readonly string[]): Promise<T[]> {
    return this.observe('getAll', () => this.inner.getAll(ids));
  }

  find(query: Query): Promise<Page<T>> {
    return this.observe('find', () => this.inner.find(query));
  }

  each(query: Omit<Query, 'cursor'>): AsyncGenerator<T> {
    return eachDocument(query, (page: Query) => this.find(page));
  }

  count(where: Where): Promise<number> {
    return this.observe('count', () => this.inner.count(where));
  }

  insertOnce(document: T): Promise<boolean> {
    return this.observe('insertOnce', () => this.inner.insertOnce(document));
  }

  insertAllOnce(documents: readonly T[]): Promise<boolean[]> {
    return this.observe('insertAllOnce', () => this.inner.insertAllOnce(documents));
  }

  put(document: T): Promise<void> {
    return this.observe('put', () => this.inner.put(document));
  }

  update(id: string, change: Change, options?: UpdateOptions): Promise<T | null> {
    return this.observe('update', () => this.inner.update(id, change, options));
  }

  bulk(operations: readonly BulkOperation<T>[]): Promise<void> {
    return this.observe('bulk', () => this.inner.bulk(operations));
  }

  delete(id: string): Promise<boolean> {
    return this.observe('delete', () => this.inner.delete(id));
  }

  deleteWhere(where: Where): Promise<number> {
    return this.observe('deleteWhere', () => this.inner.deleteWhere(where));
  }
}

/** A store whose operations are measured, and whose loss and return are logged once each. */
export class ObservedStore implements DocumentStore {
  private lostSince: number | null = null;

  constructor(
    private readonly inner: DocumentStore,
    private readonly telemetry: Telemetry,
  ) {}

  collection<T extends Document>(spec: CollectionSpec): Collection<T> {
    return new ObservedCollection(this.inner.collection<T>(spec), (operation, work) =>
      this.measure(spec.name, operation, work),
    );
  }

  private async measure<Result>(
    collection: string,
    operation: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const start = performance.now();
    try {
      const result = await work();
      this.noteReturn();
      return result;
    } catch (error) {
      this.noteLoss(error);
      throw error;
    } finally {
      const seconds = (performance.now() - start) / 1_000;
      this.telemetry.meter.observe('regulars_store_operation_seconds', seconds, { collection, operation });
    }
  }

  private noteLoss(error: unknown): void {
    if (!isRegularsError(error) || this.lostSince !== null) return;
    if (error.code !== 'STORE_UNAVAILABLE' && error.code !== 'STORE_FULL') return;
    this.lostSince = performance.now();
    this.telemetry.log.warn({ code: error.code, ...error.fields }, 'store lost');
  }

  private noteReturn(): void {
    if (this.lostSince === null) return;
    const lostMs = Math.round(performance.now() - this.lostSince);
    this.lostSince = null;
    this.telemetry.log.info({ lostMs }, 'store is back');
  }

  open(): Promise<void> {
    return this.inner.open();
  }

  fault(): Promise<string | null> {
    return this.inner.fault();
  }

  scrub(): Promise<void> {
    return this.inner.scrub();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
