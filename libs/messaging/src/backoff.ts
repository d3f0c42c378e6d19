export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Wait before the n-th attempt in a row: doubled each time up to the longest, then drawn from its upper half so
 *  that replicas do not come back all at once.
 *  @param failures how many attempts failed so far, from 1
 *  @param random 0 .. 1 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (full / 2) * random;
}
