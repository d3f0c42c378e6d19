import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@regulars/contracts';
import { DatasetError } from './dataset-error.js';

/** A file inside an archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** A picture or a table of labels is smaller; a larger one would have to be held in memory. */
const LARGEST_FILE = 64 * 2 ** 20;

/** The files of a tar archive, plain or compressed with gzip (told by its first bytes), one after the other;
 *  nothing is written to disk. POSIX ustar, GNU's long names, and the path of pax headers.
 *  @param wanted files that it says no to are passed over unread
 *  @throws DatasetError ARCHIVE_CORRUPT */
export async function* readArchive(
  path: string,
  wanted: (path: string) => boolean,
): AsyncGenerator<ArchivedFile> {
  try {
    yield* readTar(await openStream(path), wanted);
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw corrupt(path, messageOf(error), error);
  }
}

async function openStream(path: string): Promise<Readable> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  await file.close();
  const raw = createReadStream(path);
  if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) return raw;
  // An error of either stream ends the other and reaches whoever reads.
  return pipeline(raw, createGunzip(), () => undefined);
}

async function* readTar(stream: Readable, wanted: (path: string) => boolean): AsyncGenerator<ArchivedFile> {
  const reader = new BlockReader(stream);
  let longName: string | null = null;
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header === null) return;
    if (header.every((byte) => byte === 0)) return;
    checkSum(header);
    const size = octal(header, 124, 12);
    const kind = String.fromCharCode(header[156] ?? 0);
    if (size > LARGEST_FILE && kind !== 'x' && kind !== 'L') {
      await reader.skip(padded(size));
      continue;
    }
    const name: string = longName ?? nameOf(header);
    const special = kind === 'L' || kind === 'x';
    if (!special && !(isFile(kind) && wanted(name))) {
      await reader.skip(padded(size));
      longName = null;
      continue;
    }
    const body = (await reader.take(padded(size)))?.subarray(0, size);
    if (body === undefined) throw new RangeError(`it ends in the middle of ${name}`);
    if (special) longName = kind === 'L' ? text(body) : (paxPath(body) ?? longName);
    else {
      longName = null;
      yield { path: name, bytes: body };
    }
  }
}

const isFile = (kind: string): boolean => kind === '0' || kind === '\0' || kind === '7';
const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
};

function nameOf(header: Uint8Array): string {
  const [name, prefix] = [text(header.subarray(0, 100)), text(header.subarray(345, 500))];
  return text(header.subarray(257, 262)) === 'ustar' && prefix !== '' ? `${prefix}/${name}` : name;
}

function octal(header: Uint8Array, from: number, length: number): number {
  const value = Number.parseInt(text(header.subarray(from, from + length)).trim() || '0', 8);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a size in it is no number');
  return value;
}

function checkSum(header: Uint8Array): void {
  const stated = octal(header, 148, 8);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== stated) throw new RangeError('it is not a tar archive, or a header in it is damaged');
}

function paxPath(body: Uint8Array): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(body))?.[1] ?? null;
}

/** Cuts a stream into pieces of the length that is asked for. */
class BlockReader {
  private held: Uint8Array = new Uint8Array();
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(stream: Readable) {
    this.chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  /** @returns null at the end of the stream */
  async take(length: number): Promise<Uint8Array | null> {
    if (!(await this.fill(length))) return null;
    const taken = this.held.slice(0, length);
    this.held = this.held.subarray(length);
    return taken;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) {
      const step = Math.min(left, 1 << 20);
      if (!(await this.fill(step))) throw new RangeError('it ends in the middle of a file');
      this.held = this.held.subarray(step);
      left -= step;
    }
  }

  private async fill(length: number): Promise<boolean> {
    const parts = [this.held];
    let size = this.held.length;
    while (size < length) {
      const next = await this.chunks.next();
      if (next.done) {
        if (size > 0) throw new RangeError('it is cut short');
        return length === 0;
      }
      parts.push(next.value);
      size += next.value.length;
    }
    if (parts.length > 1) this.held = Buffer.concat(parts);
    return true;
  }
}

function corrupt(path: string, problem: string, cause: unknown): DatasetError {
  return new DatasetError(
    'ARCHIVE_CORRUPT',
    path,
    `the archive cannot be read: ${problem}`,
    'Fetch it again, or unpack what can be read and give the folder.',
    { cause },
  );
}
