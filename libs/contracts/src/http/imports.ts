import { z } from 'zod';
import { ImportId, Instant, StoreId } from '../primitives.js';
import { KnownCurrency } from './sales.js';

/** Layouts of a file of history. `own`: customerId,occurredAt,amount[,currency,saleId]. `uci-lines`: the lines of
 *  UCI's Online Retail. `uci-invoices`: one row an invoice. */
export const ImportLayout = z.enum(['own', 'uci-lines', 'uci-invoices']);
export type ImportLayout = z.infer<typeof ImportLayout>;

/** `importing`: rows are being stored. `done`: all are. `failed`: the rest could not be stored; send the file
 *  again, what is stored already is not doubled. */
export const ImportState = z.enum(['importing', 'done', 'failed']);
export type ImportState = z.infer<typeof ImportState>;

export const ImportView = z.strictObject({
  importId: ImportId,
  storeId: StoreId,
  layout: ImportLayout,
  state: ImportState,
  /** Rows of the file without its header. */
  rows: z.int().min(0),
  /** Sales and refunds that the rows make. */
  sales: z.int().min(0),
  /** Of those, how many are stored by now. */
  stored: z.int().min(0),
  /** Customers that were made because no one had their number. */
  newCustomers: z.int().min(0),
  currency: KnownCurrency,
  /** First and last instant of the file. */
  from: Instant,
  to: Instant,
  startedAt: Instant,
  finishedAt: Instant.nullable(),
});
export type ImportView = z.infer<typeof ImportView>;

/** Fields beside the file of `POST /v1/imports`. */
export const ImportOptions = z.strictObject({
  storeId: StoreId.default('main'),
  /** Of the amounts, where the file has no column for it. */
  currency: KnownCurrency.optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;
