import { z } from 'zod';
import { CameraId, CustomerId, Instant, PseudonymId, SightingId, StoreId } from '../primitives.js';

/** Id of an operator's change of pseudonyms. */
export const PseudonymChangeId = z
  .string()
  .regex(/^pch_[0-9a-z]{16,32}$/, 'expected the id of a change such as pch_4f2k9s7d1m3q8w6e');

/** What an operator did to pseudonyms, with what it rested on. */
export const PseudonymChangeView = z.strictObject({
  changeId: PseudonymChangeId,
  storeId: StoreId,
  kind: z.enum(['merge', 'split', 'promote']),
  at: Instant,
  /** Whose sightings moved. */
  from: PseudonymId,
  /** Where they went: a pseudonym or, promoted, a customer. */
  into: z.union([PseudonymId, CustomerId]),
  sightingIds: z.array(SightingId),
  /** Between the two, in the recogniser's unit; null where there was nothing to compare. */
  distance: z.number().nullable(),
  undoneAt: Instant.nullable(),
});
export type PseudonymChangeView = z.infer<typeof PseudonymChangeView>;

/** A stranger who is known again by a number only. */
export const StrangerView = z.strictObject({
  pseudonymId: PseudonymId,
  /** Short form for people, e.g. `4f2k9s`. */
  label: z.string(),
  storeId: StoreId,
  /** `day`: ends at midnight; `returning`: some weeks after the last sighting. */
  kind: z.enum(['day', 'returning']),
  firstSeenAt: Instant,
  lastSeenAt: Instant,
  sightings: z.int().min(0),
});
export type StrangerView = z.infer<typeof StrangerView>;

/** A stranger with what is known: the evidence for the operator to judge by. */
export const StrangerDetails = z.strictObject({
  ...StrangerView.shape,
  passes: z.array(
    z.strictObject({
      sightingId: SightingId,
      cameraId: CameraId,
      startedAt: Instant,
      endedAt: Instant,
      /** To what was known when it was joined; null for the first and for what the operator joined. */
      distance: z.number().nullable(),
      isTrusted: z.boolean(),
      expiresAt: Instant,
    }),
  ),
  /** Strangers who look most alike, nearest first. */
  alike: z.array(
    z.strictObject({
      pseudonymId: PseudonymId,
      label: z.string(),
      distance: z.number().min(0),
      /** False: both were before one camera at one time, so they are two people. */
      canBeOne: z.boolean(),
    }),
  ),
});
export type StrangerDetails = z.infer<typeof StrangerDetails>;

export const StrangerQuery = z.strictObject({
  storeId: StoreId.default('main'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type StrangerQuery = z.infer<typeof StrangerQuery>;

export const StrangerMerge = z.strictObject({
  /** The pseudonym that goes on. */
  into: PseudonymId,
});
export type StrangerMerge = z.infer<typeof StrangerMerge>;

export const StrangerSplit = z.strictObject({
  /** Sightings that are of somebody else, and get a pseudonym of their own. */
  sightingIds: z.array(SightingId).min(1).max(1_000),
});
export type StrangerSplit = z.infer<typeof StrangerSplit>;

export const StrangerPromotion = z.strictObject({
  /** A customer whose consent is recorded. */
  customerId: CustomerId,
});
export type StrangerPromotion = z.infer<typeof StrangerPromotion>;

/** What came of a change. */
export const StrangerChanged = z.strictObject({
  /** Null for an erasure, which cannot be undone. */
  changeId: PseudonymChangeId.nullable(),
  /** Who has the sightings now; null when they are nobody's. */
  into: z.union([PseudonymId, CustomerId]).nullable(),
  sightings: z.int().min(0),
  /** Templates that a promotion made. */
  templates: z.int().min(0),
});
export type StrangerChanged = z.infer<typeof StrangerChanged>;
