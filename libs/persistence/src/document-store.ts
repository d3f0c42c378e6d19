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
  readonly unique?: boolean;
}

export interface CollectionSpec {
  readonly name: string;
  readonly indexes: readonly IndexSpec[];
}

export interface Range {
  readonly gte?: IndexedValue;
  readonly gt?: IndexedValue;
  readonly lte?: IndexedValue;
  readonly lt?: IndexedValue;
}

/** Conditions on fields by path, all of which must hold: equality, or a range. */
export type Where = Readonly<Record<string, IndexedValue | Range>>;

export interface Query {
  readonly where?: Where;
  /** Order by fields of one index (or `_id`); `_id` breaks ties, so that pages never skip or repeat. */
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

/** One collection. Every write is durable when its promise resolves (journalled majority write; SQLite
 *  synchronous=FULL). All methods throw TransientError STORE_UNAVAILABLE when the store is away, and
 *  RegularsError STORE_FULL when its disk is full; nothing is half written then. */
export interface Collection<T extends Document> {
  get(id: string): Promise<T | null>;
  /** @throws RegularsError QUERY_NOT_INDEXED when no declared index serves the conditions and order */
  find(query: Query): Promise<Page<T>>;
  /** All documents that match, page by page. */
  each(query: Omit<Query, 'cursor'>): AsyncGenerator<T>;
  count(where: Where): Promise<number>;
  /** Inserts unless the key, or the value of a unique index, exists.
   *  @returns whether it was inserted */
  insertOnce(document: T): Promise<boolean>;
  /** Writes the whole document whether or not it exists. */
  put(document: T): Promise<void>;
  /** @returns the document after the change, or null when there was none to change */
  update(id: string, change: Change, options?: UpdateOptions): Promise<T | null>;
  /** Runs the operations in order in as few round trips as the store allows. Each is atomic, the batch is not. */
  bulk(operations: readonly BulkOperation<T>[]): Promise<void>;
  /** @returns whether there was something to delete */
  delete(id: string): Promise<boolean>;
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
  close(): Promise<void>;
}
