import type { CustomerView, NewCustomer } from '@regulars/contracts';
import { strings } from '../strings.js';

/** Consent to the text the page shows.
 *  @param now when the box was ticked */
export function consentGivenAt(now: Date): NonNullable<NewCustomer['consent']> {
  return { textVersion: strings.consent.textVersion, givenAt: now.toISOString() };
}

/** Whether a consent holds at a time: without one, or after its end, no photograph is taken in. */
export function consentHolds(
  consent: CustomerView['consent'],
  now: Date,
): consent is NonNullable<typeof consent> {
  return consent !== null && (consent.until === null || Date.parse(consent.until) > now.getTime());
}
