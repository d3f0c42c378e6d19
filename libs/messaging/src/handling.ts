import {
  assertNever,
  isRegularsError,
  type Outcome,
  outcomeOfError,
  type QueueDefinition,
  type QueueName,
  type Telemetry,
} from '@regulars/contracts';
import type { Delivery, Handler } from './broker.js';
import { type Envelope, opened } from './envelope.js';

/** Delays before the further attempts at a broadcast message, milliseconds: made by the replica itself, since
 *  the message is for it alone. */
export const BROADCAST_RETRY_DELAYS_MS = [100, 1_000, 5_000] as const;

const LONGEST_REASON = 500;

/** What to do with a message after a handler had it. `dropped`: there is nobody to look at a dead letter,
 *  because the message was one replica's copy or only the newest matters. */
export type Step =
  | { kind: 'done' }
  | { kind: 'retry'; delayMs: number; reason: string }
  | { kind: 'dead'; reason: string }
  | { kind: 'dropped'; reason: string };

/** @param attempt 1 for the first delivery */
export function stepAfter(outcome: Outcome, queue: QueueDefinition, attempt: number): Step {
  if (outcome.kind === 'done') return { kind: 'done' };
  const reason = outcome.reason.slice(0, LONGEST_REASON);
  switch (queue.kind) {
    case 'work': {
      if (outcome.kind === 'dead') return { kind: 'dead', reason };
      const delayMs = queue.retryDelaysMs[attempt - 1];
      return delayMs === undefined
        ? { kind: 'dead', reason: `ATTEMPTS_EXHAUSTED after ${attempt}: ${reason}` }
        : { kind: 'retry', delayMs, reason };
    }
    case 'broadcast': {
      const delayMs = BROADCAST_RETRY_DELAYS_MS[attempt - 1];
      return outcome.kind === 'dead' || delayMs === undefined
        ? { kind: 'dropped', reason }
        : { kind: 'retry', delayMs, reason };
    }
    case 'newest':
    case 'lanes':
    case 'commands':
      return { kind: 'dropped', reason };
    default:
      return assertNever(queue);
  }
}

function open(envelope: Envelope, queue: QueueName, attempt: number): Delivery | Outcome {
  try {
    return opened(envelope, queue, attempt);
  } catch (error) {
    const fields = isRegularsError(error) && Array.isArray(error.fields.fields) ? error.fields.fields : [];
    const code = isRegularsError(error) ? error.code : 'INTERNAL';
    return { kind: 'dead', reason: `${code}: ${envelope.key} ${fields.join(', ')}`.trim() };
  }
}

/** Also makes a rejection of what a handler throws before its first await. */
async function attemptOf(handler: Handler, delivery: Delivery): Promise<Outcome> {
  return handler(delivery);
}

export interface HandlingContext {
  readonly name: QueueName;
  readonly queue: QueueDefinition;
  readonly telemetry: Telemetry;
}

/** Opens an envelope, lets the handler have it and says what follows; never throws. */
export async function handleOnce(
  envelope: Envelope,
  attempt: number,
  handler: Handler,
  { name, queue, telemetry }: HandlingContext,
): Promise<Step> {
  const startedAt = performance.now();
  const delivery = open(envelope, name, attempt);
  const outcome = 'kind' in delivery ? delivery : await attemptOf(handler, delivery).catch(outcomeOfError);
  const step = stepAfter(outcome, queue, attempt);
  const seconds = (performance.now() - startedAt) / 1_000;
  telemetry.meter.observe('regulars_message_handling_seconds', seconds, { queue: name });
  telemetry.meter.count('regulars_messages_handled_total', {
    queue: name,
    outcome: step.kind === 'dropped' ? 'dead' : step.kind,
  });
  if (step.kind !== 'done') {
    const fields = {
      queue: name,
      event: envelope.key,
      eventId: envelope.eventId,
      attempt,
      reason: step.reason,
    };
    if (step.kind === 'retry')
      telemetry.log.warn({ ...fields, delayMs: step.delayMs }, 'message tried again');
    else telemetry.log.error(fields, step.kind === 'dead' ? 'message dead-lettered' : 'message dropped');
  }
  return step;
}
