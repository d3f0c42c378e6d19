import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Subscription } from '../broker.js';
import type { Envelope } from '../envelope.js';
import { headerLine, lineOf, type RecordedEvent } from './recording.js';

/** A broker that lets somebody listen to everything; both brokers do. */
export interface Tappable {
  tap(listener: (envelope: Envelope) => void): Promise<Subscription>;
}

export interface RecordOptions {
  /** Whether the bytes beside payloads (pictures of people) are recorded too. Default: no. */
  readonly bodies?: boolean;
  /** Only what these services publish; default all. */
  readonly producers?: readonly string[];
}

export interface RunningRecording {
  /** Messages written so far. */
  readonly messages: number;
  /** Messages left out because the disk did not keep up or their payload was no JSON. */
  readonly leftOut: number;
  /** @throws Error when the file could not be written whole */
  stop(): Promise<void>;
}

/** Text that may wait for the disk, bytes. */
const MOST_BUFFERED = 64 * 1024 * 1024;

function payloadOf({ json }: Envelope): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes every message from now on into a new file, in the order the broker passed them on. */
export async function recordEvents(
  broker: Tappable,
  file: string,
  { bodies = false, producers }: RecordOptions = {},
): Promise<RunningRecording> {
  const stream = createWriteStream(file, { mode: 0o600 });
  await once(stream, 'open');
  let failure: Error | null = null;
  stream.on('error', (error) => (failure = error));
  const startedAt = performance.now();
  const counts = { messages: 0, leftOut: 0 };
  stream.write(`${headerLine(new Date())}\n`);
  const tap = await broker.tap((envelope) => {
    const { key, eventId, producer, body } = envelope;
    if (producers?.includes(producer) === false) return;
    const payload = payloadOf(envelope);
    if (payload === undefined || stream.writableLength > MOST_BUFFERED) {
      counts.leftOut++;
      return;
    }
    const atMs = Math.round(performance.now() - startedAt);
    const event: RecordedEvent = { atMs, key, eventId, producer, payload };
    const withSize = body === undefined ? event : { ...event, bodyBytes: body.byteLength };
    stream.write(`${lineOf(bodies && body !== undefined ? { ...withSize, body } : withSize)}\n`);
    counts.messages++;
  });
  return {
    get messages() {
      return counts.messages;
    },
    get leftOut() {
      return counts.leftOut;
    },
    stop: async () => {
      await tap.close(1_000);
      await new Promise<void>((resolve) => stream.end(resolve));
      if (failure !== null) throw failure;
    },
  };
}
