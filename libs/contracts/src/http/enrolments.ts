import { z } from 'zod';
import { PhotographResult } from '../commands.js';
import { CustomerId, TrialId } from '../primitives.js';
import { NewCustomer } from './customers.js';

/** A person of an import: the operator's own number says who is meant, also when it is sent again. */
export const EnrolmentPerson = z.strictObject({
  ...NewCustomer.shape,
  externalId: NewCustomer.shape.externalId.unwrap(),
});
export type EnrolmentPerson = z.infer<typeof EnrolmentPerson>;

export const EnrolmentQuery = z.strictObject({
  /** A name of the sender's own for a run that stores nothing. */
  trial: TrialId.optional(),
  /** Takes photographs of somebody who would be recognised as another customer. */
  acceptKnown: z.stringbool().optional(),
});
export type EnrolmentQuery = z.infer<typeof EnrolmentQuery>;

/** What became of a person and of each photograph. */
export const PersonEnrolment = z.strictObject({
  /** In a trial of somebody who is not a customer yet, an id of that trial alone. */
  customerId: CustomerId,
  outcome: z.enum(['enrolled', 'refused', 'tried']),
  /** Whether the customer was made by this request, or would be. */
  isNew: z.boolean(),
  templates: z.int().min(0),
  photographs: z.array(PhotographResult),
});
export type PersonEnrolment = z.infer<typeof PersonEnrolment>;
