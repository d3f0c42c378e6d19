import { closeSync, existsSync, mkdirSync, openSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRegularsError, messageOf, RegularsError, TransientError } from '@regulars/contracts';
import Database from 'libsql';
import type { CollectionSpec } from '../document-store.js';
import type { Binding, Sql } from './sql.js';
import { createIndexSql, createTableSql, indexName } from './sql.js';
import { storeError } from './sqlite-errors.js';

type Connection = InstanceType<typeof Database>;
type Statement = ReturnType<Connection['prepare']>;

/** 'RGLR' in the file's header (PRAGMA application_id): tells our file from another program's. */
const APPLICATION_ID = 0x52474c52;
/** Form of the tables; raised when an older program could no longer use the file. */
const FORMAT = 1;
/** Waiting for another process' write blocks this process, so it is short. */
const BUSY_TIMEOUT_MS = 2_000;
/** Below this much free space the store counts as full before it is: room for a checkpoint of the WAL. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;
/** Pages that are kept in memory: a history of 20 million sales has 10 GB of them. */
const CACHE_KB = 64 * 1024;
/** The log is moved into the file when it has so many pages (32 MB): a shorter one would write the pages of a
 *  large import more often, a longer one would stop everything else for longer. */
const CHECKPOINT_PAGES = 8_000;

export interface SqliteOptions {
  /** The file grows to this size at most, bytes; unbounded when absent. */
  readonly maxBytes?: number;
}

/** One database file: its connection, prepared statements and transactions. Calls are synchronous. */
export class SqliteFile {
  private connection: Connection | null = null;
  private inode = 0;
  private readonly statements = new Map<string, Statement>();
  private readonly ready = new Set<CollectionSpec>();

  constructor(
    private readonly path: string,
    private readonly options: SqliteOptions,
  ) {}

  /** @throws RegularsError STORE_CORRUPT, TransientError STORE_UNAVAILABLE */
  open(): void {
    if (this.connection) return;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      // Holds personal data: readable by its owner alone; SQLite gives the WAL the same mode.
      if (!existsSync(this.path)) closeSync(openSync(this.path, 'a', 0o600));
      const connection = new Database(this.path, { timeout: BUSY_TIMEOUT_MS });
      this.prepareFile(connection);
      this.inode = statSync(this.path).ino;
      this.connection = connection;
    } catch (error) {
      throw this.openError(error);
    }
  }

  private openError(error: unknown): unknown {
    const known = storeError(error, null);
    if (isRegularsError(known)) return known;
    return new TransientError('STORE_UNAVAILABLE', { store: 'sqlite', reason: messageOf(error) });
  }

  private prepareFile(connection: Connection): void {
    const pragma = (text: string) =>
      Object.values((connection.prepare(`PRAGMA ${text}`).all([])[0] ?? {}) as object)[0] as unknown;
    const foreign = (reason: string) => new RegularsError('STORE_CORRUPT', { store: 'sqlite', reason });
    const application = pragma('application_id');
    const isNew = pragma('schema_version') === 0;
    if (!isNew && application !== APPLICATION_ID) throw foreign('the file belongs to another program');
    if (Number(pragma('user_version')) > FORMAT) throw foreign('the file is of a newer version of Regulars');
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec(`PRAGMA cache_size = -${CACHE_KB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // Overwrites what is deleted with zeros: an erased person's key must not stay in free pages.
    connection.exec('PRAGMA secure_delete = ON');
    if (isNew) connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT}`);
    if (this.options.maxBytes !== undefined) {
      const pages = Math.floor(this.options.maxBytes / Number(pragma('page_size')));
      connection.exec(`PRAGMA max_page_count = ${pages}`);
    }
  }

  private get opened(): Connection {
    if (this.connection) return this.connection;
    throw new TransientError('STORE_UNAVAILABLE', { store: 'sqlite', reason: 'closed' });
  }

  /** Makes the table and its declared indexes; drops indexes that are no longer declared. */
  prepareCollection(spec: CollectionSpec): void {
    if (this.ready.has(spec)) return;
    this.transaction(() => {
      const connection = this.opened;
      connection.exec(createTableSql(spec));
      const declared = new Set(spec.indexes.map((index) => indexName(spec, index)));
      const present = this.rows<{ name: string }>({
        text: `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
        bindings: [spec.name],
      });
      for (const { name } of present) if (!declared.has(name)) connection.exec(`DROP INDEX "${name}"`);
      for (const index of spec.indexes) connection.exec(createIndexSql(spec, index));
    });
    this.ready.add(spec);
  }

  private statement(text: string): Statement {
    const known = this.statements.get(text);
    if (known) return known;
    const made = this.opened.prepare(text);
    this.statements.set(text, made);
    return made;
  }

  /** All rows at once: libsql's `get` leaves the statement open, and with it an old snapshot. */
  rows<Row>({ text, bindings }: Sql): Row[] {
    return this.statement(text).all([...bindings]) as Row[];
  }

  /** @returns how many rows were changed */
  run(text: string, bindings: readonly Binding[]): number {
    return this.statement(text).run([...bindings]).changes;
  }

  /** Runs the work alone among writers; all of it is durable when it returns, or nothing when it throws. */
  transaction<Result>(work: () => Result): Result {
    const connection = this.opened;
    connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself on some errors (full, I/O).
      if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Why the file cannot be written now, or null. */
  fault(): string | null {
    try {
      if (!existsSync(this.path) || statSync(this.path).ino !== this.inode)
        return 'the database file was removed or replaced; restart Regulars';
      const { bavail, bsize } = statfsSync(dirname(this.path));
      if (bavail * bsize < LEAST_FREE_BYTES) return 'the disk is full';
      this.transaction(() => undefined);
      return null;
    } catch (error) {
      const known = storeError(error, null);
      return isRegularsError(known) ? `${known.code} ${String(known.fields.reason)}` : messageOf(error);
    }
  }

  /** Reads the whole file. @returns the first damage found, or null */
  damage(): string | null {
    const rows = this.rows<{ quick_check: string }>({ text: 'PRAGMA quick_check(1)', bindings: [] });
    const found = rows[0]?.quick_check ?? 'no answer';
    return found === 'ok' ? null : found;
  }

  /** Moves the write-ahead log into the file and empties it. */
  truncateLog(): void {
    this.rows({ text: 'PRAGMA wal_checkpoint(TRUNCATE)', bindings: [] });
  }

  /** A consistent copy while in use. */
  copyTo(path: string): void {
    this.opened.prepare('VACUUM INTO ?').run([path]);
  }

  close(): void {
    const connection = this.connection;
    if (!connection) return;
    try {
      this.truncateLog();
    } finally {
      this.connection = null;
      this.statements.clear();
      this.ready.clear();
      connection.close();
    }
  }
}
