import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { pipeline, type Readable } from 'node:stream';
import { isRegularsError } from '@regulars/contracts';
import { SalesFileReader, type SalesFile } from '@regulars/customer-value';
import { parse } from 'csv-parse';

/** Reads a CSV of sales in any of the documented layouts, plain or gzip.
 *  @param nowMs what lies after it is refused
 *  @throws Error naming the file, the row and what is wrong */
export async function readSales(file: string, nowMs: number): Promise<SalesFile> {
  const rows = parse({ relax_column_count: true, skip_empty_lines: true });
  const source: Readable = createReadStream(file);
  const done = () => undefined;
  if (await isGzip(file)) pipeline(source, createGunzip(), rows, done);
  else pipeline(source, rows, done);
  let reader: SalesFileReader | null = null;
  let line = 0;
  try {
    for await (const fields of rows as AsyncIterable<string[]>) {
      line += 1;
      if (reader === null) reader = new SalesFileReader(fields, nowMs);
      else reader.add(fields, line);
    }
    if (reader === null) throw new Error('the file is empty');
    return reader.finish();
  } catch (error) {
    throw new Error(`${file}${placeOf(error, line)}: ${reasonOf(error)}`, { cause: error });
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function placeOf(error: unknown, line: number): string {
  const row: unknown = isRegularsError(error) ? error.fields['row'] : line;
  return typeof row === 'number' && row > 0 ? `, row ${row}` : '';
}

function reasonOf(error: unknown): string {
  if (isRegularsError(error)) return String(error.fields['reason'] ?? error.code);
  return error instanceof Error ? error.message : String(error);
}
