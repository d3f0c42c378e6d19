import type { Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore, Where } from '../document-store.js';
import { entryOfLine, inTime } from './brief-entries.js';
import type { LedgerEntry } from './ledger-entry.js';

interface FolderDocument extends Document {
  readonly storeId: string;
  readonly last: Instant;
  /** A line a sale, in brief, as they happened. */
  readonly lines: string;
}

const FOLDERS: CollectionSpec = { name: 'imported_folders', indexes: [] };
/** Sales in a document: one of 20 is the rule, but a shop may enter all its cash sales under one number. */
const MOST_LINES = 5_000;
const PAGE = 100;

const of = (customerId: string) => ({ gte: `${customerId} `, lt: `${customerId}!` });

/** What one import has of one customer. */
export interface ImportedOf {
  readonly customerId: string;
  readonly entries: readonly LedgerEntry[];
}

/** By customer, what large imports brought of them, in brief: an index of the sales themselves by customer would be
 *  written at a random place for each sale of a file. */
export class ImportedFolders {
  private readonly folders: Collection<FolderDocument>;

  constructor(store: DocumentStore) {
    this.folders = store.collection(FOLDERS);
  }

  /** Writes what an import has of some customers over what it had. */
  async write(importId: string, customers: readonly ImportedOf[]): Promise<void> {
    const documents = customers.flatMap(({ customerId, entries }) => {
      const sorted = [...entries].sort(inTime);
      const count = Math.ceil(sorted.length / MOST_LINES);
      return Array.from({ length: count }, (_, i) => {
        const some = sorted.slice(i * MOST_LINES, (i + 1) * MOST_LINES);
        const _id = `${customerId} ${importId} ${String(i).padStart(6, '0')}`;
        const lines = some.map(({ entryId, occurredAt, day, amountMinor, currency }) => {
          return `${entryId} ${occurredAt} ${day} ${amountMinor} ${currency}`;
        });
        const { storeId = '', occurredAt: last = '' } = some.at(-1) ?? {};
        return { _id, storeId, last, lines: lines.join('\n') };
      });
    });
    await this.folders.bulk(documents.map((document) => ({ kind: 'replace', document }) as const));
  }

  /** A customer's, oldest first. @param from only from then on */
  async of(customerId: string, from: Instant = ''): Promise<LedgerEntry[]> {
    const found: LedgerEntry[] = [];
    const seen = new Set<string>();
    const filter: Where = from === '' ? {} : { last: { gte: from } };
    for await (const { lines, storeId } of this.folders.each({
      where: { _id: of(customerId) },
      filter,
      limit: PAGE,
    }))
      for (const line of lines.split('\n')) {
        const entry = entryOfLine(line, customerId, storeId);
        if (entry.occurredAt < from || seen.has(entry.entryId)) continue;
        seen.add(entry.entryId);
        found.push(entry);
      }
    return found.sort(inTime);
  }

  /** Erasure. */
  async remove(customerId: string): Promise<void> {
    await this.folders.deleteWhere({ _id: of(customerId) });
  }
}
