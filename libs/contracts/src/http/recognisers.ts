import { z } from 'zod';
import { CustomerId } from '../primitives.js';

export const RecogniserCandidate = z.strictObject({
  /** As models/manifest.json or models/own.json names it. */
  model: z.string().min(1).max(80),
});
export type RecogniserCandidate = z.infer<typeof RecogniserCandidate>;

export const RecogniserPromotion = z.strictObject({
  /** Everybody who is enrolled and unknown to the candidate: they are not recognised until they are enrolled again.
   *  Without them all, the promotion is refused and they are named. */
  without: z.array(CustomerId).max(10_000).default([]),
});
export type RecogniserPromotion = z.infer<typeof RecogniserPromotion>;

export const RecogniserEnd = z.strictObject({
  /** Deletes what the recogniser knew of everybody; it could not be put back without enrolling all again. */
  deleteTemplates: z.stringbool().default(false),
});
export type RecogniserEnd = z.infer<typeof RecogniserEnd>;
