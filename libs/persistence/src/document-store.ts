/** A document: plain JSON values, and bytes as Uint8Array; `_id` is its key. Instants are ISO strings, which
 *  sort as they happened. */
export interface Document {
  readonly _id: string;
}

export type IndexedValue = string | number | boolean | null;

export interface IndexSpec {
  readonly name: string;
  /** Fields in order; a path such as `visitor.customerId` reaches into the document. */
  readonly fields: readonly string[];
  /** Holds the documents that have all of its fields, which are then never null; it serves look-ups of whole
   *  values only. */
  readonly unique?: boolean;
  /** Holds only the documents whose first field is there and not null, where few have it; it serves conditions on
   *  such values of that field only. */
  readonly sparse?: boolean;
}

export interface CollectionSpec {
  /** Lower-case letters and underscores. */
  readonly name: string;
  /** An indexed field holds strings, whole numbers or booleans (of one type), null, or is absent. */
  readonly indexes: readonly IndexSpec[];
}

export interface Range {
  readonly gte?: IndexedValue;
  readonly gt?: IndexedValue;
  readonly lte?: IndexedValue;
  readonly lt?: IndexedValue;
}

/** Conditions on fields by path, all of which must hold: equality, or a range. Null equals absent. A range
 *  holds for values of its bounds' own type; strings compare by their UTF-8 bytes. A list, an object or bytes
 *  never fulfil a condition. Numbers in a query are whole. */
export type Where = Readonly<Record<string, IndexedValue | Range>>;

export interface Query {
  /** Equalities on the first fields of one index and at most one range, on the field after them. */
  readonly where?: Where;
  /** Further conditions, on any field, checked on each document that the index yields under `where`: for what
   *  sorts out few of them. */
  readonly filter?: Where;
  /** Order by fields of one index (or `_id`), all in one direction; `_id` breaks ties, so that pages never
   *  skip or repeat. Without it, the order is that of the remaining fields of the index that serves. */
  readonly sort?: readonly (readonly [field: string, direction: 'asc' | 'desc'])[];
  /** At most this many, 1 to 1,000. */
  readonly limit: number;
  /** From an earlier page. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Changes of one document, applied at once or not at all. Paths as in Where. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  readonly inc?: Readonly<Record<string, number>>;
  readonly min?: Readonly<Record<string, IndexedValue>>;
  readonly max?: Readonly<Record<string, IndexedValue>>;
  readonly push?: Readonly<Record<string, unknown>>;
  readonly addToSet?: Readonly<Record<string, IndexedValue>>;
}

export interface UpdateOptions {
  /** The document is changed only where this holds as well. */
  readonly where?: Where;
  /** Makes the document, with these values and the change applied, when the key is free. */
  readonly insert?: Readonly<Record<string, unknown>>;
}

export type BulkOperation<T extends Document> =
  | { readonly kind: 'insertOnce'; readonly document: T }
  | { readonly kind: 'replace'; readonly document: T }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly change: Change;
      readonly insert?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'delete'; readonly id: string };

/** One collection. What is written comes back equal; undefined fields are left out, and keys must not be empty,
 *  hold a dot or begin with `$` (DOCUMENT_INVALID). Every write is durable when its promise resolves (journalled
 *  majority write; SQLite synchronous=FULL). All methods throw TransientError STORE_UNAVAILABLE when the store is away, and
 *  TransientError STORE_FULL when its disk is full; nothing is half written then. */
export interface Collection<T extends Document> {
  get(id: string): Promise<T | null>;
  /** Those of the keys that exist, in any order, in as few round trips as the store allows. */
  getAll(ids: readonly string[]): Promise<T[]>;
  /** @throws RegularsError QUERY_NOT_INDEXED when no declared index serves the conditions and order */
  find(query: Query): Promise<Page<T>>;
  /** All documents that match, page by page. */
  each(query: Omit<Query, 'cursor'>): AsyncGenerator<T>;
  count(where: Where): Promise<number>;
  /** Inserts unless the key, or the value of a unique index, exists.
   *  @returns whether it was inserted */
  insertOnce(document: T): Promise<boolean>;
  /** insertOnce of each, in order and in as few round trips as the store allows. Each is atomic, all are not:
   *  after an error some may have been inserted.
   *  @returns for each whether it was inserted */
  insertAllOnce(documents: readonly T[]): Promise<boolean[]>;
  /** Writes the whole document whether or not it exists.
   *  @throws RegularsError VALUE_TAKEN when a unique index holds its value for another document */
  put(document: T): Promise<void>;
  /** @returns the document after the change, or null when there was none to change
   *  @throws RegularsError VALUE_TAKEN as put does */
  update(id: string, change: Change, options?: UpdateOptions): Promise<T | null>;
  /** Runs the operations in order in as few round trips as the store allows. Each is atomic, the batch is not. */
  bulk(operations: readonly BulkOperation<T>[]): Promise<void>;
  /** @returns whether there was something to delete */
  delete(id: string): Promise<boolean>;
  /** Deletes in steps of at most 1,000, each atomic. At least one condition is needed.
   *  @returns how many were deleted */
  deleteWhere(where: Where): Promise<number>;
}

/** A document store; the MongoDB and the SQLite implementation pass the same conformance suite. */
export interface DocumentStore {
  /** Makes the collection and its indexes ready on first use. */
  collection<T extends Document>(spec: CollectionSpec): Collection<T>;
  /** Connects and makes all declared collections and indexes.
   *  @throws TransientError STORE_UNAVAILABLE */
  open(): Promise<void>;
  /** Why it cannot work now, or null when it can; asks the store. */
  fault(): Promise<string | null>;
  /** Takes what was deleted or overwritten out of the store's own files, as far as the store can (SQLite: the
   *  write-ahead log; MongoDB keeps its journal for a while). */
  scrub(): Promise<void>;
  close(): Promise<void>;
}
