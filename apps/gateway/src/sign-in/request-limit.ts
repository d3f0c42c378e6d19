import { RegularsError } from '@regulars/contracts';
import { normalizeIp } from '@nestjs/throttler';
import type { HttpResponse } from '../http/exchange.js';
import { ThrottleWindows } from './throttle-windows.js';

const MINUTE_MS = 60_000;
/** Addresses whose requests are counted. */
const MOST_ADDRESSES = 10_000;

/** Requests that an address may send in a minute, over all routes. Addresses of one IPv6 network count as one. */
export class RequestLimit {
  private readonly windows = new ThrottleWindows(MOST_ADDRESSES);

  constructor(private readonly perMinute: number) {}

  /** Counts a request; the answer's headers say how many are left.
   *  @throws RegularsError RATE_LIMITED */
  count(address: string | undefined, response: HttpResponse): void {
    const { perMinute } = this;
    const verdict = this.windows.increment(normalizeIp(address ?? ''), MINUTE_MS, perMinute, MINUTE_MS);
    if (verdict.isBlocked) {
      response.setHeader('Retry-After', String(verdict.timeToBlockExpire));
      throw new RegularsError('RATE_LIMITED');
    }
    response.setHeader('X-RateLimit-Limit', String(perMinute));
    response.setHeader('X-RateLimit-Remaining', String(Math.max(0, perMinute - verdict.totalHits)));
    response.setHeader('X-RateLimit-Reset', String(verdict.timeToExpire));
  }
}
