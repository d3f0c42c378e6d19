import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@regulars/contracts';
import { csvRows } from './csv-rows.js';
import { headerOf, type ImportedSale, type LayoutOptions, LayoutReader } from './import-layouts.js';
import { importInvalid } from './import-refusal.js';

const GZIP = Buffer.from([0x1f, 0x8b]);
/** Of an unpacked file: a small gzip file may hold very much. */
const MOST_UNPACKED_BYTES = 2 * 1024 ** 3;

export type FileOptions = Omit<LayoutOptions, 'latestMs'>;

/** One sale after the other, of a file that is read as it goes.
 *  @throws RegularsError IMPORT_INVALID */
export async function* salesOfFile(
  path: string,
  options: LayoutOptions,
  onHeader: (reader: LayoutReader) => void = () => {},
): AsyncGenerator<ImportedSale> {
  let reader: LayoutReader | null = null;
  for await (const row of csvRows(textsOf(path))) {
    if (reader === null) {
      reader = new LayoutReader(headerOf(row), options);
      onHeader(reader);
    } else yield* reader.read(row);
  }
  if (reader !== null) yield* reader.end();
}

/** SHA-256 of the file as it was sent, hex. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function* textsOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of await bytesOf(path)) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_UNPACKED_BYTES) throw importInvalid(1, null, 'the file is larger than 2 GB unpacked');
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw readFailure(error);
  }
}

function readFailure(error: unknown): unknown {
  const { code = '' } = error as { code?: unknown };
  const isUnzip = typeof code === 'string' && code.startsWith('Z_');
  if (isUnzip) return importInvalid(1, null, `the gzip file is damaged or cut short (${messageOf(error)})`);
  if (error instanceof TypeError && code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return importInvalid(1, null, 'the file is not UTF-8 text');
  return error;
}

async function bytesOf(path: string): Promise<AsyncIterable<unknown>> {
  const file = await open(path);
  const head = Buffer.alloc(2);
  await file.read(head, 0, 2, 0).finally(() => file.close());
  const source = createReadStream(path);
  if (!head.equals(GZIP)) return source;
  const unpacked = new PassThrough();
  pipeline(source, createGunzip(), unpacked).catch((error: unknown) => {
    unpacked.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  });
  return unpacked;
}
