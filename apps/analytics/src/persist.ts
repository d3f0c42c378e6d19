import { TransientError } from '@regulars/contracts';

/** Tries before a message is put off: each lost one means that another replica wrote. */
const MOST_TRIES = 12;

export function isConflict(error: unknown): boolean {
  return error instanceof TransientError && error.code === 'REVISION_CONFLICT';
}

/** Does work anew, from reading on, as often as somebody else wrote in between.
 *  @param id what is written, for the error
 *  @throws TransientError REVISION_CONFLICT when others always were faster; whatever else the work throws */
export async function persist<T>(id: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new TransientError('REVISION_CONFLICT', { id });
}
