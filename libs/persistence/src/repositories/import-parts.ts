import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { entryOfLine, lineOf } from './brief-entries.js';
import type { LedgerEntry } from './ledger-entry.js';
import type { SaleRecord } from './sale-record.js';

/** Where in a large import a chunk of its sales stands. */
export interface ChunkPlace {
  readonly importId: string;
  /** Rows of the import before the chunk: the same rows come at the same place again when it is repeated. */
  readonly offset: number;
  /** Rows of the whole import. */
  readonly rows: number;
}

/** All customers of one range with what the import has of them, each sale once. */
export interface PartRange {
  /** 0 to 1023. */
  readonly range: number;
  readonly entriesOf: ReadonlyMap<string, readonly LedgerEntry[]>;
}

interface PartDocument extends Document {
  readonly storeId: string;
  /** A line a sale: its customer, and the sale in brief. */
  readonly lines: string;
}

const PARTS: CollectionSpec = { name: 'import_parts', indexes: [] };
/** Sales of one range, which are in memory together: some 100 MB. */
const SALES_A_RANGE = 250_000;
/** The first two letters of an id, which are random, tell the range: 32 times 32. */
const MOST_RANGES = 1_024;
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
/** Documents read at once. */
const PAGE = 20;
/** Sales in a document: some two megabytes. */
const MOST_LINES = 20_000;
/** From so many rows on an import is kept in parts until its months are summed. */
export const MANY_ROWS = 100_000;
/** Sales of history that are stored together: a store writes a page of an index once for all that fall on it. */
export const HISTORY_CHUNK = 100_000;

const keyOf = (importId: string, range: number, place = '') =>
  `${importId} ${String(range).padStart(4, '0')} ${place}`;

const within = (importId: string) => ({ gte: `${importId} `, lt: `${importId}!` });

/** Customers in the order of their ids, in as many ranges as the import is large. */
function rangeOf(customerId: string, ranges: number): number {
  const random = customerId.slice(customerId.indexOf('_') + 1);
  const place = 32 * LETTERS.indexOf(random[0] ?? '') + LETTERS.indexOf(random[1] ?? '');
  return Math.floor((Math.max(0, place) * ranges) / MOST_RANGES);
}

/** The sales of a large import once more, in brief and by ranges of customers, from when they are stored until their
 *  months are summed. A sale falls on a random place among those of all customers: what is made of them range after
 *  range reads and writes what lies together. */
export class ImportParts {
  private readonly parts: Collection<PartDocument>;

  constructor(store: DocumentStore) {
    this.parts = store.collection(PARTS);
  }

  /** Writes a chunk's sales of known customers. May be repeated with the same rows.
   *  @param records those of the chunk that the import itself stored, all of one store */
  async write({ importId, offset, rows }: ChunkPlace, records: readonly SaleRecord[]): Promise<void> {
    const ranges = Math.min(MOST_RANGES, Math.ceil(rows / SALES_A_RANGE));
    const lines = new Map<number, string[]>();
    for (const record of records) {
      if (record.customerId === null) continue;
      const range = rangeOf(record.customerId, ranges);
      const line = `${record.customerId} ${lineOf(record)}`;
      const known = lines.get(range);
      if (known === undefined) lines.set(range, [line]);
      else known.push(line);
    }
    const storeId = records[0]?.storeId ?? '';
    const documents = [...lines].flatMap(([range, own]) => {
      const count = Math.ceil(own.length / MOST_LINES);
      return Array.from({ length: count }, (_, i) => {
        const place = `${String(offset).padStart(10, '0')} ${i}`;
        const text = own.slice(i * MOST_LINES, (i + 1) * MOST_LINES).join('\n');
        return { _id: keyOf(importId, range, place), storeId, lines: text };
      });
    });
    await this.parts.bulk(documents.map((document) => ({ kind: 'replace', document }) as const));
  }

  /** `kept` while there are parts to be summed, `summed` once they were, null for an import that has none. */
  async stateOf(importId: string): Promise<'kept' | 'summed' | null> {
    const { items } = await this.parts.find({ where: { _id: within(importId) }, limit: 1 });
    if (items.length > 0) return 'kept';
    return (await this.parts.get(importId)) === null ? null : 'summed';
  }

  /** What is left of the import, range after range in the order of the customers' ids. Whoever is done with a range
   *  removes it, so that a pass that was cut short goes on there. */
  async *ranges(importId: string): AsyncGenerator<PartRange> {
    let open: { range: number; entriesOf: Map<string, LedgerEntry[]>; seen: Set<string> } | null = null;
    for await (const document of this.parts.each({ where: { _id: within(importId) }, limit: PAGE })) {
      const range = Number(document._id.split(' ')[1]);
      if (open !== null && open.range !== range) {
        yield open;
        open = null;
      }
      open ??= { range, entriesOf: new Map(), seen: new Set() };
      enter(document, open);
    }
    if (open !== null) yield open;
  }

  /** The months of the range's customers are summed. */
  async removeRange(importId: string, range: number): Promise<void> {
    await this.parts.deleteWhere({ _id: { gte: keyOf(importId, range), lt: keyOf(importId, range + 1) } });
  }

  /** All ranges are summed: whoever is told of the import again has nothing to do. */
  async markSummed(importId: string): Promise<void> {
    await this.parts.put({ _id: importId, storeId: '', lines: '' });
  }
}

/** A file may name a sale twice: the first one is stored. */
function enter(
  { lines, storeId }: PartDocument,
  { entriesOf, seen }: { entriesOf: Map<string, LedgerEntry[]>; seen: Set<string> },
): void {
  for (const line of lines.split('\n')) {
    const end = line.indexOf(' ');
    const customerId = line.slice(0, end);
    const entry = entryOfLine(line.slice(end + 1), customerId, storeId);
    if (seen.has(entry.entryId)) continue;
    seen.add(entry.entryId);
    const known = entriesOf.get(customerId);
    if (known === undefined) entriesOf.set(customerId, [entry]);
    else known.push(entry);
  }
}
