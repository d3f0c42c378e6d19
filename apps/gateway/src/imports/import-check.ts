import type { ImportLayout } from '@regulars/contracts';
import { type FileOptions, salesOfFile } from './import-file.js';
import { importInvalid } from './import-refusal.js';

/** A till's clock may be ahead by so much. */
const AHEAD_MS = 5 * 60_000;

/** What a file holds, once every row of it was found good. */
export interface CheckedFile {
  readonly layout: ImportLayout;
  readonly rows: number;
  readonly sales: number;
  readonly currency: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads the whole file before anything of it is stored.
 *  @throws RegularsError IMPORT_INVALID naming the first bad row and its column */
export async function checkFile(path: string, options: FileOptions, nowMs: number): Promise<CheckedFile> {
  let layout: ImportLayout | null = null;
  let currencyColumn: string | null = null;
  let currency: string | null = null;
  let [sales, fromMs, toMs, lastRow] = [0, Infinity, -Infinity, 1];
  const sightOf = { ...options, latestMs: nowMs + AHEAD_MS };
  const onHeader: Parameters<typeof salesOfFile>[2] = ({ header }) => {
    layout = header.layout;
    currencyColumn = header.names[header.places['currency'] ?? -1] ?? null;
  };
  for await (const sale of salesOfFile(path, sightOf, onHeader)) {
    currency ??= sale.currency;
    if (sale.currency !== currency) {
      const reason = `is ${sale.currency}, the rows before are ${currency}: one file, one currency`;
      throw importInvalid(sale.row, currencyColumn, reason);
    }
    sales += 1;
    lastRow = sale.row;
    fromMs = Math.min(fromMs, sale.occurredAtMs);
    toMs = Math.max(toMs, sale.occurredAtMs);
  }
  if (layout === null) throw importInvalid(1, null, 'the file is empty');
  if (currency === null) throw importInvalid(1, null, 'the file has a header and no rows');
  return { layout, rows: lastRow - 1, sales, currency, fromMs, toMs };
}
