import { z } from 'zod';
import {
  CalendarDay,
  CameraId,
  CustomerId,
  Instant,
  StoreId,
  VisitId,
  Visitor,
  VisitSatisfaction,
} from '../primitives.js';

export const VisitView = z.strictObject({
  visitId: VisitId,
  storeId: StoreId,
  visitor: Visitor,
  displayName: z.string().nullable(),
  startedAt: Instant,
  lastSeenAt: Instant,
  /** Null while the visitor is in the shop. */
  endedAt: Instant.nullable(),
  cameraIds: z.array(CameraId),
  sightings: z.int(),
  satisfaction: VisitSatisfaction,
  /** Visits of others who came with the visitor: through the same door within five seconds. */
  together: z.array(VisitId).default([]),
});
export type VisitView = z.infer<typeof VisitView>;

export const VisitQuery = z.strictObject({
  storeId: StoreId.optional(),
  customerId: CustomerId.optional(),
  open: z.stringbool().optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type VisitQuery = z.infer<typeof VisitQuery>;

/** One line a customer and day: present or not, however often they came (paper 1, figure 10). */
export const AttendanceView = z.strictObject({
  day: CalendarDay,
  storeId: StoreId,
  customerId: CustomerId,
  displayName: z.string().nullable(),
  firstSeenAt: Instant,
});
export type AttendanceView = z.infer<typeof AttendanceView>;

export const AttendanceQuery = z.strictObject({
  storeId: StoreId.optional(),
  customerId: CustomerId.optional(),
  from: CalendarDay.optional(),
  to: CalendarDay.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  cursor: z.string().max(500).optional(),
});
export type AttendanceQuery = z.infer<typeof AttendanceQuery>;

/** The same as a file, which has no pages. */
export const AttendanceFileQuery = AttendanceQuery.omit({ limit: true, cursor: true });
export type AttendanceFileQuery = z.infer<typeof AttendanceFileQuery>;
