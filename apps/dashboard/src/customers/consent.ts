import type { NewCustomer } from '@regulars/contracts';
import { strings } from '../strings.js';

/** Consent to the text the page shows.
 *  @param now when the box was ticked */
export function consentGivenAt(now: Date): NonNullable<NewCustomer['consent']> {
  return { textVersion: strings.consent.textVersion, givenAt: now.toISOString() };
}
