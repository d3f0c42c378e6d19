import type { Instant } from '@regulars/contracts';

/** Instants of one form (UTC, milliseconds) sort as text in the order in which they happened. */
export function earlier(a: Instant, b: Instant): Instant {
  return a <= b ? a : b;
}

export function later(a: Instant, b: Instant): Instant {
  return a >= b ? a : b;
}

export function plusMs(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}

export function toInstant(epochMs: number): Instant {
  return new Date(epochMs).toISOString();
}
