import { z } from 'zod';
import { PhotographResult } from '../commands.js';
import { CustomerId, Instant } from '../primitives.js';

export const NewCustomer = z.strictObject({
  displayName: z.string().trim().min(1).max(120),
  /** The operator's own number of the customer (loyalty card, phone), unique; how tills name the customer. */
  externalId: z.string().trim().min(1).max(120).optional(),
  /** Works in the shop: the expression of staff is never scored. Not staff when absent. */
  isStaff: z.boolean().optional(),
  /** What the customer agreed to. Without it no photograph of the customer is taken in. */
  consent: z
    .strictObject({
      /** Version of the text that was agreed to. */
      textVersion: z.string().min(1).max(40),
      givenAt: Instant,
      /** Until when; open-ended when absent. */
      until: Instant.optional(),
    })
    .optional(),
});
export type NewCustomer = z.infer<typeof NewCustomer>;

export const CustomerChange = NewCustomer.partial();
export type CustomerChange = z.infer<typeof CustomerChange>;

export const CustomerView = z.strictObject({
  customerId: CustomerId,
  displayName: z.string(),
  externalId: z.string().nullable(),
  isStaff: z.boolean(),
  consent: z
    .strictObject({ textVersion: z.string(), givenAt: Instant, until: Instant.nullable() })
    .nullable(),
  templates: z.int().min(0),
  createdAt: Instant,
  lastVisitAt: Instant.nullable(),
  visits: z.int().min(0),
});
export type CustomerView = z.infer<typeof CustomerView>;

export const CustomerQuery = z.strictObject({
  /** The one customer with this number of the operator's own. */
  externalId: z.string().min(1).max(120).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type CustomerQuery = z.infer<typeof CustomerQuery>;

export const EnrolmentResult = z.strictObject({
  customerId: CustomerId,
  templates: z.int().min(0),
  photographs: z.array(PhotographResult),
});
export type EnrolmentResult = z.infer<typeof EnrolmentResult>;

/** The answer to an erasure, for the operator to hand to the person. It names nobody: only the id ties it to
 *  the request. */
export const ErasureCertificate = z.strictObject({
  customerId: CustomerId,
  erasedAt: Instant,
  /** What is gone for good, e.g. `{ what: 'photograph templates', count: 3 }`. */
  destroyed: z.array(z.strictObject({ what: z.string(), count: z.int().min(0) })),
  /** What stays and why it no longer leads to the person, e.g. visit times without a name. */
  kept: z.array(z.strictObject({ what: z.string(), why: z.string() })),
});
export type ErasureCertificate = z.infer<typeof ErasureCertificate>;
