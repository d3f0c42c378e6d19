import { type Instant, RegularsError } from '@regulars/contracts';

/** A till's clock may be ahead by so much; beyond it the time of receipt is nearer to the truth. */
export const KEPT_AHEAD_MS = 5 * 60_000;
/** Further ahead than this is no clock that runs wrong but a wrong date. */
export const REFUSED_AHEAD_MS = 24 * 3_600_000;

export interface TillTime {
  readonly occurredAt: Instant;
  /** What the till said, where that was corrected. */
  readonly tillSaid: Instant | null;
}

/** When a sale happened, by the till's clock and ours.
 *  @throws RegularsError SALE_TIME_REFUSED more than a day ahead */
export function tillTimeOf(said: Instant, receivedAt: Instant): TillTime {
  const aheadMs = Date.parse(said) - Date.parse(receivedAt);
  if (aheadMs > REFUSED_AHEAD_MS)
    throw new RegularsError('SALE_TIME_REFUSED', { occurredAt: said, receivedAt });
  return aheadMs > KEPT_AHEAD_MS
    ? { occurredAt: receivedAt, tillSaid: said }
    : { occurredAt: said, tillSaid: null };
}
