import { assertNever } from './assert-never.js';
import type { Visitor } from './primitives.js';

/** One text for a visitor, unique within a store: customer id, pseudonym or sighting id. */
export function visitorKeyOf(visitor: Visitor): string {
  switch (visitor.kind) {
    case 'customer':
      return visitor.customerId;
    case 'pseudonym':
      return visitor.pseudonymId;
    case 'stranger':
      return visitor.sightingId;
    default:
      return assertNever(visitor);
  }
}

/** How a pseudonym is shown: neutral, never a person's name.
 *  @returns e.g. `4f2k9s` for `pse_4f2k9s7d1m3q8w6e0h5t`; among 10,000 pseudonyms two alike are a chance of 5 % */
export function pseudonymLabel(pseudonymId: string): string {
  return pseudonymId.slice(4, 10);
}
