import { mongo } from 'mongoose';
import { inserted, stepsOf, type Step } from '../change.js';
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
  { id, change, insert }: { readonly id: string; readonly change: Change; readonly insert: Insert },
): Write[] | null {
  const steps = checkedSteps(spec, change);
  const filter = { _id: id };
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

/** Updates of different documents by one and the same change, sent as one: half the work for the server. Only for
 *  changes that no document can refuse, so that there is no first one that fails. */
class SameChange {
  private readonly ids = new Set<string>();

  constructor(
    readonly change: Change,
    private readonly steps: readonly Step[],
  ) {}

  /** @returns false when the document is among them: it is changed once more, after this */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    return true;
  }

  get write(): Write {
    return { updateMany: { filter: { _id: { $in: [...this.ids] } }, update: updateOf(this.steps) } };
  }
}

/** What waits to be sent: either inserts, which may be there already, or other writes, in order. */
class Waiting {
  private inserts = new Map<string, Stored>();
  private writes: Write[] = [];
  private same: SameChange | null = null;
  private sames = 0;

  constructor(private readonly collection: mongo.Collection<Stored>) {}

  async update(id: string, change: Change, steps: readonly Step[]): Promise<void> {
    if (steps.length === 0) return;
    if (this.inserts.size > 0) await this.flush();
    if (!steps.every(({ kind }) => kind === 'unset'))
      return this.write([{ updateOne: { filter: { _id: id }, update: updateOf(steps) } }]);
    if (this.same?.change !== change || !this.same.add(id)) {
      this.endSame();
      this.same = new SameChange(change, steps);
      this.same.add(id);
    }
    this.sames += 1;
    if (this.writes.length + this.sames >= BULK_STEP) await this.flush();
  }

  private endSame(): void {
    if (this.same) this.writes.push(this.same.write);
    this.same = null;
    this.sames = 0;
  }

  async insert(document: Stored): Promise<void> {
    if (this.writes.length > 0 || this.same !== null || this.inserts.has(document._id)) await this.flush();
    this.inserts.set(document._id, document);
    if (this.inserts.size >= BULK_STEP) await this.flush();
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (this.inserts.size > 0) await this.flush();
    this.endSame();
    this.writes.push(...writes);
    if (this.writes.length >= BULK_STEP) await this.flush();
  }

  async flush(): Promise<void> {
    this.endSame();
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
        if (operation.insert === undefined)
          return waiting.update(operation.id, operation.change, checkedSteps(spec, operation.change));
        const writes = updateWrites(spec, { ...operation, insert: operation.insert });
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
