import { z } from 'zod';
import { CameraId, Instant, StoreId } from '../primitives.js';

export const VisitCountQuery = z.strictObject({
  storeId: StoreId.default('main'),
  /** First instant, and the one that is no longer part of the time; at most 31 days later. */
  from: Instant,
  to: Instant,
});
export type VisitCountQuery = z.infer<typeof VisitCountQuery>;

/** How many visits began in a time, and how sure that is. */
export const VisitCountView = z.strictObject({
  storeId: StoreId,
  from: Instant,
  to: Instant,
  /** Visits that were counted. */
  visits: z.int().min(0),
  /** The true number lies between these, as far as is known; `high` null: nothing was seen in the whole time. */
  low: z.int().min(0),
  high: z.int().min(0).nullable(),
  doubts: z.strictObject({
    /** Counted visits that may be another one of the same person: strangers who are not known again, and visits on
     *  both sides of an outage. */
    doubled: z.int().min(0),
    /** People who were seen for a second or longer and never well enough to be judged, so that they do not count. */
    unjudged: z.int().min(0),
    /** Visits that cameras may have missed while they were away, at most; null when nothing is known of them. */
    unseen: z.int().min(0).nullable(),
    /** Visits whose visitor was away for longer than the re-entry window, which time without pictures made longer: each
     *  may be one visit more. */
    joined: z.int().min(0),
  }),
  /** Times without pictures: counts of them are missing, not zero. */
  outages: z.array(
    z.strictObject({
      cameraId: CameraId,
      from: Instant,
      /** Null: it lasts. */
      to: Instant.nullable(),
    }),
  ),
});
export type VisitCountView = z.infer<typeof VisitCountView>;
