import type { CustomerView } from '@regulars/contracts';

/** Whether a consent holds at an instant; without one, or after its end, no photograph is taken in. */
export function consentHolds(consent: CustomerView['consent'], at: string): boolean {
  return consent !== null && (consent.until === null || consent.until > at);
}
