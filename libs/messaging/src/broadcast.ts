import { setTimeout as delay } from 'node:timers/promises';
import type { Handler } from './broker.js';
import type { Envelope } from './envelope.js';
import { handleOnce, type HandlingContext } from './handling.js';

/** Handles one replica's copy of a broadcast message, again after a while if its handler asks for that. */
export async function handleBroadcast(
  envelope: Envelope,
  handler: Handler,
  context: HandlingContext,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const step = await handleOnce(envelope, attempt, handler, context);
    if (step.kind !== 'retry') return;
    await delay(step.delayMs);
  }
}
