import { mongo } from 'mongoose';
import { inserted, stepsOf } from '../change.js';
import type { BulkOperation, Change, CollectionSpec, Document } from '../document-store.js';
import { pathsOverlap } from '../paths.js';
import { isDuplicate } from './mongo-errors.js';
import { checkedDocument, checkedSteps } from './mongo-writes.js';
import { updateOf, type Stored } from './translate.js';

/** Operations of one request: a slow server (4 ms each, measured) stays within its time. */
const BULK_STEP = 250;
const DUPLICATE_KEY = 11000;

type Write = mongo.AnyBulkWriteOperation<Stored>;
type Insert = Readonly<Record<string, unknown>>;
/** Runs by itself what is no single operation of a bulk request. */
type UpdateAlone = (id: string, change: Change, insert: Insert) => Promise<unknown>;

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
  // An update without any field is refused; that of the key to itself changes nothing.
  const update = steps.length + fields.length > 0 ? updateOf(steps, fields) : { $setOnInsert: { _id: id } };
  return [{ updateOne: { filter, update, upsert: true } }];
}

function isDuplicatesOnly(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicate(error)) return false;
  return [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
}

/** Inserts what is not there yet, in one request whatever is.
 *  @returns places of the documents that were there already */
async function insertAll(collection: mongo.Collection<Stored>, documents: Stored[]): Promise<number[]> {
  try {
    await collection.insertMany(documents, { ordered: false });
    return [];
  } catch (error) {
    if (!isDuplicatesOnly(error)) throw error;
    return [(error as mongo.MongoBulkWriteError).writeErrors].flat().map(({ index }) => index);
  }
}

/** @returns for each document whether it was inserted; of two with one key the first is */
export async function insertEach(
  collection: mongo.Collection<Stored>,
  documents: readonly Stored[],
): Promise<boolean[]> {
  const inserted: boolean[] = [];
  for (let i = 0; i < documents.length; i += BULK_STEP) {
    const step = documents.slice(i, i + BULK_STEP);
    const held = new Set(await insertAll(collection, step));
    inserted.push(...step.map((_, place) => !held.has(place)));
  }
  return inserted;
}

/** What waits to be sent: either inserts, which may be there already, or other writes, in order. */
class Waiting {
  private inserts = new Map<string, Stored>();
  private writes: Write[] = [];

  constructor(private readonly collection: mongo.Collection<Stored>) {}

  async insert(document: Stored): Promise<void> {
    if (this.writes.length > 0 || this.inserts.has(document._id)) await this.flush();
    this.inserts.set(document._id, document);
    if (this.inserts.size >= BULK_STEP) await this.flush();
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (this.inserts.size > 0) await this.flush();
    this.writes.push(...writes);
    if (this.writes.length >= BULK_STEP) await this.flush();
  }

  async flush(): Promise<void> {
    const { inserts, writes } = this;
    this.inserts = new Map();
    this.writes = [];
    if (inserts.size > 0) await insertAll(this.collection, [...inserts.values()]);
    if (writes.length > 0) await this.collection.bulkWrite(writes, { ordered: true });
  }
}

/** Runs the operations in order; what came before one that fails stays. */
export async function runBulk(
  collection: mongo.Collection<Stored>,
  spec: CollectionSpec,
  operations: readonly BulkOperation<Document>[],
  updateAlone: UpdateAlone,
): Promise<void> {
  const waiting = new Waiting(collection);
  const run = async (operation: BulkOperation<Document>): Promise<void> => {
    switch (operation.kind) {
      case 'insertOnce':
        return waiting.insert(checkedDocument(spec, operation.document));
      case 'replace': {
        const { _id, ...replacement } = checkedDocument(spec, operation.document);
        return waiting.write([{ replaceOne: { filter: { _id }, replacement, upsert: true } }]);
      }
      case 'delete':
        return waiting.write([{ deleteOne: { filter: { _id: operation.id } } }]);
      case 'update': {
        const writes = updateWrites(spec, operation);
        if (writes) return waiting.write(writes);
        await waiting.flush();
        await updateAlone(operation.id, operation.change, operation.insert ?? {});
      }
    }
  };
  let failure: { readonly error: unknown } | null = null;
  for (const operation of operations) {
    try {
      await run(operation);
    } catch (error) {
      failure = { error };
      break;
    }
  }
  // What was sent and failed is no longer waiting, so this sends only what came before a refused operation.
  await waiting.flush();
  if (failure) throw failure.error;
}
