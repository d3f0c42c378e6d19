import { isRegularsError, RegularsError, TransientError } from '@regulars/contracts';
import mongoose, { mongo } from 'mongoose';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { declared } from '../specs.js';
import { MongoCollection, type MongoAccess } from './mongo-collection.js';
import { redactor, storeError } from './mongo-errors.js';
import { INDEX_PREFIX, indexOf, type Stored } from './translate.js';

/** Where the address names none. */
const DEFAULT_DATABASE = 'regulars';
const SELECTION_TIMEOUT_MS = 3_000;
/** Longer than the server's own limit on a query (10 s), so that it answers first. */
const SOCKET_TIMEOUT_MS = 12_000;
/** With less, writes that were acknowledged are lost when the server is killed (8 to 41 of about 1,100). */
const WRITE_CONCERN = { w: 'majority', journal: true, wtimeoutMS: 10_000 } as const;
const OPTIONS = {
  serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
  connectTimeoutMS: SELECTION_TIMEOUT_MS,
  waitQueueTimeoutMS: SELECTION_TIMEOUT_MS,
  socketTimeoutMS: SOCKET_TIMEOUT_MS,
  maxPoolSize: 20,
  promoteBuffers: true,
  appName: 'regulars',
} as const;

const AUTHENTICATION_FAILED = 18;
const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;

function hasCode(error: unknown, code: number): boolean {
  return error instanceof mongo.MongoServerError && error.code === code;
}

function databaseOf(uri: string): string {
  const path = /^[a-z+]+:\/\/(?:.*@)?[^/?]*\/([^?]*)/i.exec(uri)?.[1] ?? '';
  return decodeURIComponent(path) || DEFAULT_DATABASE;
}

/** All collections in one MongoDB database. The driver reconnects by itself; while the server is away every
 *  operation fails after at most three seconds. */
export class MongoStore implements DocumentStore, MongoAccess {
  private connection: mongoose.Connection | null = null;
  private readonly specs = new Map<string, CollectionSpec>();
  private readonly ready = new Map<CollectionSpec, Promise<void>>();
  private readonly redact: (text: string) => string;

  /** @param uri mongodb:// or mongodb+srv://; its credentials reach no error and no log */
  constructor(private readonly uri: string) {
    this.redact = redactor(uri);
  }

  collection<T extends Document>(spec: CollectionSpec): Collection<T> {
    return new MongoCollection<T>(this, declared(this.specs, spec));
  }

  /** @throws TransientError STORE_UNAVAILABLE; RegularsError CONFIGURATION_INVALID when the address is wrong or
   *  its credentials are refused */
  async open(): Promise<void> {
    if (!this.connection) this.connection = await this.connect();
    await Promise.all([...this.specs.values()].map((spec) => this.run(spec, async () => undefined)));
  }

  private async connect(): Promise<mongoose.Connection> {
    const connection = mongoose.createConnection();
    try {
      return await connection.openUri(this.uri, OPTIONS);
    } catch (error) {
      await connection.close(true);
      throw this.connectError(error);
    }
  }

  private connectError(error: unknown): unknown {
    const wrong = (reason: string) =>
      new RegularsError('CONFIGURATION_INVALID', { variable: 'MONGODB_URI', reason });
    if (hasCode(error, AUTHENTICATION_FAILED)) return wrong('the server refuses its credentials');
    const isUnparsed =
      error instanceof mongo.MongoParseError || error instanceof mongo.MongoInvalidArgumentError;
    // What the driver calls a host that it cannot parse.
    if (isUnparsed || (error instanceof mongo.MongoError && error.name === 'MongoRuntimeError'))
      return wrong(this.redact(error.message));
    if (error instanceof mongoose.Error.MongooseServerSelectionError) {
      const reason = this.redact(error.message);
      return new TransientError('STORE_UNAVAILABLE', { store: 'mongodb', reason });
    }
    const known = storeError(error, null, this.redact);
    return isRegularsError(known) ? known : wrong('it is no address of a MongoDB server');
  }

  private get database(): mongo.Db {
    if (this.connection) return this.connection.getClient().db(databaseOf(this.uri));
    throw new TransientError('STORE_UNAVAILABLE', { store: 'mongodb', reason: 'closed' });
  }

  private collectionOf(spec: CollectionSpec): mongo.Collection<Stored> {
    const options = {
      writeConcern: WRITE_CONCERN,
      readPreference: 'primary',
      ignoreUndefined: true,
    } as const;
    return this.database.collection<Stored>(spec.name, options);
  }

  async run<Result>(
    spec: CollectionSpec,
    work: (collection: mongo.Collection<Stored>) => Promise<Result>,
  ): Promise<Result> {
    try {
      const collection = this.collectionOf(spec);
      await this.prepare(spec, collection);
      return await work(collection);
    } catch (error) {
      throw storeError(error, spec.name, this.redact);
    }
  }

  /** Makes the declared indexes once; after a failure the next operation tries again. */
  private prepare(spec: CollectionSpec, collection: mongo.Collection<Stored>): Promise<void> {
    const known = this.ready.get(spec);
    if (known) return known;
    const preparing = makeIndexes(spec, collection).catch((error: unknown) => {
      this.ready.delete(spec);
      throw error;
    });
    this.ready.set(spec, preparing);
    return preparing;
  }

  async fault(): Promise<string | null> {
    const silent = new Promise<string>((resolve) => {
      setTimeout(resolve, SELECTION_TIMEOUT_MS, 'MongoDB does not answer').unref();
    });
    return Promise.race([this.ask(), silent]);
  }

  private async ask(): Promise<string | null> {
    try {
      const hello = await this.database.command({ hello: 1 });
      return hello.isWritablePrimary === false ? 'MongoDB has no primary here' : null;
    } catch (error) {
      const known = storeError(error, null, this.redact);
      return isRegularsError(known) ? String(known.fields.reason ?? known.code) : 'MongoDB failed';
    }
  }

  /** MongoDB overwrites its journal and free pages in its own time (docs/persistence.md). */
  async scrub(): Promise<void> {}

  async close(): Promise<void> {
    const connection = this.connection;
    this.connection = null;
    this.ready.clear();
    await connection?.close();
  }
}

async function ownIndexes(collection: mongo.Collection<Stored>): Promise<string[]> {
  try {
    const names = (await collection.listIndexes().toArray()).map((index) => String(index.name));
    return names.filter((name) => name.startsWith(INDEX_PREFIX));
  } catch (error) {
    if (hasCode(error, NAMESPACE_NOT_FOUND)) return [];
    throw error;
  }
}

/** Makes declared indexes and drops those of ours that are no longer declared. */
async function makeIndexes(spec: CollectionSpec, collection: mongo.Collection<Stored>): Promise<void> {
  const wanted = spec.indexes.map(indexOf);
  const present = await ownIndexes(collection);
  for (const name of present.filter((name) => !wanted.some((index) => index.name === name))) {
    try {
      await collection.dropIndex(name);
    } catch (error) {
      // Another process dropped it in between.
      if (!hasCode(error, INDEX_NOT_FOUND)) throw error;
    }
  }
  if (wanted.some((index) => !present.includes(index.name))) await collection.createIndexes(wanted);
}
