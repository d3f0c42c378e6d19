import { mongo } from 'mongoose';
import { inserted, stepsOf } from '../change.js';
import type { BulkOperation, Change, CollectionSpec, Document } from '../document-store.js';
import { pathsOverlap } from '../paths.js';
import { isDuplicate } from './mongo-errors.js';
import { checkedDocument, checkedSteps } from './mongo-writes.js';
import { updateOf, type Stored } from './translate.js';

/** Operations of one request; MongoDB takes up to 100,000 and 48 MB. */
const BULK_STEP = 1_000;

type Write = mongo.AnyBulkWriteOperation<Stored>;
type Insert = Readonly<Record<string, unknown>>;
/** Runs by itself what is no single operation of a bulk request. */
type UpdateAlone = (id: string, change: Change, insert: Insert) => Promise<unknown>;

interface Entry {
  readonly write: Write;
  /** That the key or a unique value is held is no failure. */
  readonly mayExist: boolean;
}

function upsertOf(id: string, fields: Readonly<Record<string, unknown>>): Write {
  const $setOnInsert = Object.keys(fields).length > 0 ? fields : { _id: id };
  return { updateOne: { filter: { _id: id }, update: { $setOnInsert }, upsert: true } };
}

/** MongoDB takes no two operators on one path, so what an insert and a change both touch is no single write.
 *  @returns null for that; no write at all for a change that changes nothing */
function updateWrites(
  spec: CollectionSpec,
  { id, change, insert }: Extract<BulkOperation<Document>, { kind: 'update' }>,
): Write[] | null {
  const steps = checkedSteps(spec, change);
  const filter = { _id: id };
  if (insert === undefined)
    return steps.length === 0 ? [] : [{ updateOne: { filter, update: updateOf(steps) } }];
  checkedDocument(spec, inserted(id, insert, steps));
  const fields = stepsOf({ set: insert });
  if (fields.some(({ path }) => steps.some((step) => pathsOverlap(path, step.path)))) return null;
  if (steps.length + fields.length === 0) return [upsertOf(id, {})];
  return [{ updateOne: { filter, update: updateOf(steps, fields), upsert: true } }];
}

function writesOf(spec: CollectionSpec, operation: BulkOperation<Document>): Write[] | null {
  switch (operation.kind) {
    case 'insertOnce': {
      const { _id, ...fields } = checkedDocument(spec, operation.document);
      return [upsertOf(_id, fields)];
    }
    case 'replace': {
      const { _id, ...replacement } = checkedDocument(spec, operation.document);
      return [{ replaceOne: { filter: { _id }, replacement, upsert: true } }];
    }
    case 'update':
      return updateWrites(spec, operation);
    case 'delete':
      return [{ deleteOne: { filter: { _id: operation.id } } }];
  }
}

function failedIndex(error: unknown): number | null {
  if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicate(error)) return null;
  const [first] = [error.writeErrors].flat();
  return first?.index ?? null;
}

async function send(collection: mongo.Collection<Stored>, entries: readonly Entry[]): Promise<void> {
  let left = entries;
  while (left.length > 0) {
    try {
      await collection.bulkWrite(
        left.map(({ write }) => write),
        { ordered: true },
      );
      return;
    } catch (error) {
      const failed = failedIndex(error);
      if (failed === null || left[failed]?.mayExist !== true) throw error;
      left = left.slice(failed + 1);
    }
  }
}

/** Runs the operations in order; what came before one that fails stays. */
export async function runBulk(
  collection: mongo.Collection<Stored>,
  spec: CollectionSpec,
  operations: readonly BulkOperation<Document>[],
  updateAlone: UpdateAlone,
): Promise<void> {
  let waiting: Entry[] = [];
  const flush = async () => {
    const entries = waiting;
    waiting = [];
    await send(collection, entries);
  };
  try {
    for (const operation of operations) {
      const writes = writesOf(spec, operation);
      const mayExist = operation.kind === 'insertOnce';
      if (writes) waiting.push(...writes.map((write) => ({ write, mayExist })));
      else if (operation.kind === 'update') {
        await flush();
        await updateAlone(operation.id, operation.change, operation.insert ?? {});
      }
      if (waiting.length >= BULK_STEP) await flush();
    }
  } finally {
    await flush();
  }
}
