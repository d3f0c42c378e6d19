import { z } from 'zod';
import { CustomerId, Instant, SightingId } from '../primitives.js';

/** Wrong recognitions in a week that are tolerable. */
export const WrongPerWeek = z.number().min(0.01).max(1_000);

export const IdentityBudgetChange = z.strictObject({ wrongPerWeek: WrongPerWeek });
export type IdentityBudgetChange = z.infer<typeof IdentityBudgetChange>;

/** What recognition decides by, as it keeps it for the gateway. */
export const IdentityState = z.strictObject({
  /** Recogniser, as named in models/manifest.json. */
  model: z.string(),
  people: z.int().min(0),
  templates: z.int().min(0),
  /** Passes of people before cameras that recognise, in a week: measured, or assumed in the first days. */
  passesPerWeek: z.number().min(0),
  /** Scored distance within which a view speaks for somebody; below 0 nobody can be identified. */
  threshold: z.number(),
  /** `recogniser`: the budget would allow more, but no comparison is trusted further. */
  limitedBy: z.enum(['budget', 'recogniser']),
  /** False-positive identification rate (FPIR): chance that a pass of somebody who is not enrolled is taken for
   *  somebody who is. */
  predictedFpir: z.number().min(0).max(1),
  decidedAt: Instant,
});
export type IdentityState = z.infer<typeof IdentityState>;

export const IdentityBudgetView = z.strictObject({
  wrongPerWeek: z.number(),
  /** Null until recognition has started once. */
  state: IdentityState.nullable(),
  /** If every pass were of somebody who is not enrolled. */
  predictedWrongPerWeek: z.number().nullable(),
  /** The last seven days. */
  observed: z.strictObject({
    passes: z.int().min(0),
    /** Passes that came within the threshold of somebody else than who they were taken for. */
    near: z.int().min(0),
    /** That share, which FPIR should be near to; null without passes. */
    fpir: z.number().nullable(),
    /** The same share as it was predicted at the time of each pass. */
    predictedFpir: z.number().nullable(),
    /** Recognitions that operators said were wrong. */
    denied: z.int().min(0),
  }),
});
export type IdentityBudgetView = z.infer<typeof IdentityBudgetView>;

/** "Not this person": whom a sighting does not show. */
export const IdentityDenial = z.strictObject({ customerId: CustomerId });
export type IdentityDenial = z.infer<typeof IdentityDenial>;

export const IdentityDenied = z.strictObject({
  sightingId: SightingId,
  customerId: CustomerId,
  deniedAt: Instant,
});
export type IdentityDenied = z.infer<typeof IdentityDenied>;
