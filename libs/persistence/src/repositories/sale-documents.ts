import type { CollectionSpec, Document } from '../document-store.js';
import type { SaleRecord } from './sale-record.js';

export type SaleDocument = Document &
  Omit<SaleRecord, 'id'> & {
    /** Order of telling; absent once the broker has the event. */
    readonly pending?: number;
    /** Of a refund whose sale, or whose sale's customer, is not known yet: the sale it waits for. */
    readonly awaits?: string;
    /** Hash of the sender and the Idempotency-Key that it came with, and of what was sent. */
    readonly requestId?: string;
    readonly requestHash?: string;
    /** Instead of `customerId`, which is indexed: of a large import, whose sales are found by customer in folders. */
    readonly importedFor?: string | null;
  };

/** A large import has its customers in folders, few sales are pending, few refunds wait, and history has no request: those indexes cost it nothing. */
export const SALES: CollectionSpec = {
  name: 'sales',
  indexes: [
    { name: 'store', fields: ['storeId', 'occurredAt'] },
    { name: 'customer', fields: ['customerId', 'occurredAt'], sparse: true },
    { name: 'pending', fields: ['pending'], sparse: true },
    { name: 'awaits', fields: ['awaits'], sparse: true },
    { name: 'request', fields: ['requestId'], unique: true, sparse: true },
  ],
};

export function recordOf(document: SaleDocument): SaleRecord {
  const {
    _id,
    pending: _pending,
    awaits: _awaits,
    requestId: _request,
    requestHash: _hash,
    importedFor,
    ...record
  } = document;
  return {
    id: _id,
    ...record,
    ...(importedFor === undefined ? {} : { customerId: importedFor }),
  } as SaleRecord;
}

export function documentOf({ id, ...record }: SaleRecord): SaleDocument {
  const awaits = record.kind === 'refund' && record.customerId === null ? record.saleId : null;
  return { _id: id, ...record, ...(awaits === null ? {} : { awaits }) } as SaleDocument;
}

/** The document of a sale of a large import. */
export function filedDocumentOf(record: SaleRecord): SaleDocument {
  const document = documentOf(record);
  if (document.customerId === null) return document;
  const { customerId: importedFor, ...rest } = document;
  return { ...rest, importedFor } as SaleDocument;
}
