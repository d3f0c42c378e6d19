import { TransientError } from '@regulars/contracts';
import type { mongo } from 'mongoose';
import { inserted } from '../change.js';
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
import { eachDocument, readPage } from '../page.js';
import { planOf } from '../plan.js';
import { invalid } from '../values.js';
import { insertEach, runBulk } from './mongo-bulk.js';
import {
  BOUNDED,
  changeDocument,
  checkedDocument,
  checkedSteps,
  insertKey,
  insertOnce,
} from './mongo-writes.js';
import { filterOf, fromMongo, sortOf, type Stored } from './translate.js';

/** Tries of an update that makes its document, when others make and remove it at the same time. */
const UPSERT_TRIES = 5;
/** Documents deleted by one request: a slow server (4 ms each, measured) stays within its time. */
const DELETE_STEP = 250;
/** Documents read by one request. */
const READ_STEP = 500;

/** What a collection needs of its store. */
export interface MongoAccess {
  /** Runs work on the collection: it is ready, and the driver's errors become ours. */
  run<Result>(
    spec: CollectionSpec,
    work: (collection: mongo.Collection<Stored>) => Promise<Result>,
  ): Promise<Result>;
}

export class MongoCollection<T extends Document> implements Collection<T> {
  constructor(
    private readonly access: MongoAccess,
    private readonly spec: CollectionSpec,
  ) {}

  private run<Result>(work: (collection: mongo.Collection<Stored>) => Promise<Result>): Promise<Result> {
    return this.access.run(this.spec, work);
  }

  get(id: string): Promise<T | null> {
    return this.run(
      async (collection) => fromMongo(await collection.findOne({ _id: id }, BOUNDED)) as T | null,
    );
  }

  getAll(ids: readonly string[]): Promise<T[]> {
    return this.run(async (collection) => {
      const found: T[] = [];
      for (let i = 0; i < ids.length; i += READ_STEP) {
        const filter = { _id: { $in: ids.slice(i, i + READ_STEP) } };
        const documents = await collection.find(filter, { ...BOUNDED, batchSize: READ_STEP + 1 }).toArray();
        found.push(...documents.map((document) => fromMongo(document) as T));
      }
      return found;
    });
  }

  find(query: Query): Promise<Page<T>> {
    return this.run((collection) =>
      readPage(this.spec, query, async ({ conditions, plan, limit }) => {
        const filter = filterOf(conditions, query.filter !== undefined);
        const found = collection.find(filter, {
          ...BOUNDED,
          sort: sortOf(plan),
          limit,
          batchSize: limit + 1,
        });
        return (await found.toArray()).map((document) => fromMongo(document) as T);
      }),
    );
  }

  each(query: Omit<Query, 'cursor'>): AsyncGenerator<T> {
    return eachDocument(query, (page: Query) => this.find(page));
  }

  count(where: Where): Promise<number> {
    return this.run(async (collection) => {
      const conditions = conditionsOf(where);
      planOf(this.spec, conditions);
      return collection.countDocuments(filterOf(conditions, false), BOUNDED);
    });
  }

  insertOnce(document: T): Promise<boolean> {
    return this.run(async (collection) => insertOnce(collection, checkedDocument(this.spec, document)));
  }

  insertAllOnce(documents: readonly T[]): Promise<boolean[]> {
    return this.run((collection) =>
      insertEach(
        collection,
        documents.map((document) => checkedDocument(this.spec, document)),
      ),
    );
  }

  put(document: T): Promise<void> {
    return this.run(async (collection) => {
      const { _id, ...fields } = checkedDocument(this.spec, document);
      await collection.replaceOne({ _id }, fields, { upsert: true });
    });
  }

  update(id: string, change: Change, options: UpdateOptions = {}): Promise<T | null> {
    return this.run(async (collection) => {
      const steps = checkedSteps(this.spec, change);
      const conditions = conditionsOf(options.where);
      const filter = filterOf([{ kind: 'equal', path: '_id', value: id }, ...conditions], true);
      const { insert } = options;
      if (insert === undefined) return (await changeDocument(collection, filter, steps)) as T | null;
      const document = checkedDocument(this.spec, inserted(id, insert, steps));
      for (let i = 0; i < UPSERT_TRIES; i++) {
        const found = await changeDocument(collection, filter, steps);
        if (found) return found as T;
        const current = fromMongo(await collection.findOne({ _id: id }, BOUNDED));
        if (current !== null) {
          if (!fulfils(current, conditions)) return null;
          continue; // somebody made it just now
        }
        if (await insertKey(collection, document)) return document as unknown as T;
      }
      throw new TransientError('REVISION_CONFLICT', { collection: this.spec.name });
    });
  }

  bulk(operations: readonly BulkOperation<T>[]): Promise<void> {
    return this.run((collection) =>
      runBulk(collection, this.spec, operations, (id, change, insert) => this.update(id, change, { insert })),
    );
  }

  delete(id: string): Promise<boolean> {
    return this.run(async (collection) => (await collection.deleteOne({ _id: id })).deletedCount === 1);
  }

  deleteWhere(where: Where): Promise<number> {
    return this.run(async (collection) => {
      const conditions = conditionsOf(where);
      if (conditions.length === 0) throw invalid('where', 'a deletion names at least one condition');
      const plan = planOf(this.spec, conditions);
      const filter = filterOf(conditions, false);
      const options = { ...BOUNDED, sort: sortOf(plan), limit: DELETE_STEP, projection: { _id: 1 } };
      let total = 0;
      for (;;) {
        const ids = (await collection.find(filter, options).toArray()).map(({ _id }) => _id);
        if (ids.length > 0)
          total += (await collection.deleteMany({ ...filter, _id: { $in: ids } })).deletedCount;
        if (ids.length < DELETE_STEP) return total;
      }
    });
  }
}
