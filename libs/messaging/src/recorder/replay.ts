import { setTimeout as delay } from 'node:timers/promises';
import { eventByKey, RegularsError, type ServiceName, SERVICES } from '@regulars/contracts';
import type { Broker } from '../broker.js';
import { messageOfEvent } from '../envelope.js';
import { type RecordedEvent, readRecording } from './recording.js';

export interface ReplayOptions {
  /** 1 as recorded, 10 ten times as fast, Infinity (the default) one after the other without waiting. */
  readonly speed?: number;
  /** Only what these services sent; default all. To see what analytics makes of it anew, leave analytics out. */
  readonly producers?: readonly ServiceName[];
  readonly signal?: AbortSignal;
}

export interface Replayed {
  readonly sent: number;
  /** Pictures whose bytes were not recorded, and what the broker dropped. */
  readonly skipped: number;
}

/** Sends the messages of a recording again, in their order, with their ids. An event that counts is sent only
 *  after the broker has taken the one before: with MemoryBroker that is when all its handlers are done, so the
 *  same recording gives the same events.
 *  @throws RegularsError RECORDING_INVALID, MESSAGE_INVALID (recorded by another version), TransientError of the
 *    broker */
export async function replayEvents(
  file: string,
  broker: Broker,
  { speed = Infinity, producers = SERVICES, signal }: ReplayOptions = {},
): Promise<Replayed> {
  const startedAt = performance.now();
  let sent = 0;
  let skipped = 0;
  for await (const recorded of readRecording(file)) {
    if (!(producers as readonly string[]).includes(recorded.producer)) continue;
    const waitMs = recorded.atMs / speed - (performance.now() - startedAt);
    if (waitMs > 1) await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    signal?.throwIfAborted();
    if (await sendAgain(recorded, broker)) sent++;
    else skipped++;
  }
  return { sent, skipped };
}

/** @returns false when it was not sent */
async function sendAgain(recorded: RecordedEvent, broker: Broker): Promise<boolean> {
  const { key, eventId, producer, payload, body } = recorded;
  const event = eventByKey(key);
  if (event === undefined) throw new RegularsError('RECORDING_INVALID', { key, reason: 'unknown event' });
  if (event.body !== undefined && body === undefined) return false;
  const rest = { eventId, producer: producer as ServiceName };
  const message = messageOfEvent(
    event,
    payload as Record<string, unknown>,
    body === undefined ? rest : { ...rest, body },
  );
  if (event.worth === 'newest') return broker.publishNewest(message);
  await broker.publish(message);
  return true;
}
