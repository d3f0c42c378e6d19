import { isRegularsError, messageOf, TransientError } from './errors.js';

/** What a handler made of a message. `done`: acknowledged. `retry`: tried again after a delay, at most as
 *  often as its queue allows. `dead`: put aside in the dead-letter queue with the reason. */
export type Outcome = { kind: 'done' } | { kind: 'retry'; reason: string } | { kind: 'dead'; reason: string };

export const DONE: Outcome = { kind: 'done' };

/** A thrown TransientError means "try again"; anything else will not get better by itself. */
export function outcomeOfError(error: unknown): Outcome {
  const reason = isRegularsError(error) ? `${error.code}: ${error.message}` : messageOf(error);
  return error instanceof TransientError ? { kind: 'retry', reason } : { kind: 'dead', reason };
}
