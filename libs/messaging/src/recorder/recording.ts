import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { RegularsError } from '@regulars/contracts';

export const RECORDING_VERSION = 1;

/** One message of a recording. */
export interface RecordedEvent {
  /** Since the recording began, milliseconds. */
  readonly atMs: number;
  readonly key: string;
  readonly eventId: string;
  readonly producer: string;
  readonly payload: unknown;
  /** Size of the bytes beside the payload, when there were any. */
  readonly bodyBytes?: number;
  /** Those bytes, when they were recorded. */
  readonly body?: Uint8Array;
}

/** A recording is NDJSON: a header line, then one line a message. Bodies are in base64, if at all. */
export function headerLine(startedAt: Date): string {
  return JSON.stringify({
    recording: 'regulars',
    version: RECORDING_VERSION,
    startedAt: startedAt.toISOString(),
  });
}

export function lineOf({ body, ...event }: RecordedEvent): string {
  return JSON.stringify(
    body === undefined ? event : { ...event, body: Buffer.from(body).toString('base64') },
  );
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function eventOf(line: string): RecordedEvent | null {
  const value = objectOf(line);
  if (value === null) return null;
  const { atMs, key, eventId, producer, payload, bodyBytes, body } = value;
  const isWhole =
    typeof atMs === 'number' &&
    typeof key === 'string' &&
    typeof eventId === 'string' &&
    typeof producer === 'string' &&
    typeof payload === 'object' &&
    (bodyBytes === undefined || typeof bodyBytes === 'number') &&
    (body === undefined || typeof body === 'string');
  if (!isWhole) return null;
  return {
    atMs,
    key,
    eventId,
    producer,
    payload,
    ...(bodyBytes === undefined ? {} : { bodyBytes }),
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body, 'base64')) }),
  };
}

/** The messages of a recording, in order, read as they are asked for.
 *  @throws RegularsError RECORDING_INVALID naming the line: no such file, not a recording, another version, or a
 *    line cut short */
export async function* readRecording(file: string): AsyncGenerator<RecordedEvent> {
  const stream = createReadStream(file, 'utf8');
  let line = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      if (line === 1) {
        const header = objectOf(text);
        if (header?.recording !== 'regulars' || header.version !== RECORDING_VERSION) {
          throw new RegularsError('RECORDING_INVALID', { line, reason: 'no header of this version' });
        }
      } else if (text !== '') {
        const event = eventOf(text);
        if (event === null) throw new RegularsError('RECORDING_INVALID', { line, reason: 'no message' });
        yield event;
      }
    }
  } catch (cause) {
    if (cause instanceof RegularsError) throw cause;
    throw new RegularsError('RECORDING_INVALID', { reason: 'cannot be read' }, { cause });
  } finally {
    stream.destroy();
  }
  if (line === 0) throw new RegularsError('RECORDING_INVALID', { line: 1, reason: 'empty' });
}
