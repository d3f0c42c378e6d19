import { AlertRaised } from './alert-raised.js';
import { CameraStatus } from './camera-status.js';
import { CamerasChanged } from './cameras-changed.js';
import { CustomerUpdated } from './customer-updated.js';
import type { EventDefinition } from './event.js';
import { ExpressionScored } from './expression-scored.js';
import { FaceCaptured } from './face-captured.js';
import { FacesTracked } from './faces-tracked.js';
import { FrameCaptured } from './frame-captured.js';
import { ForecastRequested } from './forecast-requested.js';
import { ForecastUpdated } from './forecast-updated.js';
import { GalleryChanged } from './gallery-changed.js';
import { LoyaltyReached } from './loyalty-reached.js';
import { LoyaltyRulesChanged } from './loyalty-rules-changed.js';
import { PseudonymChanged } from './pseudonym-changed.js';
import { SaleJoinCorrected } from './sale-join-corrected.js';
import { SaleRecorded } from './sale-recorded.js';
import { SaleRefunded } from './sale-refunded.js';
import { SalesImported } from './sales-imported.js';
import { SegmentChanged } from './segment-changed.js';
import { SightingEnded } from './sighting-ended.js';
import { SightingIdentified } from './sighting-identified.js';
import { SightingStarted } from './sighting-started.js';
import { SightingsReassigned } from './sightings-reassigned.js';
import { ValueUpdated } from './value-updated.js';
import { VisitEnded } from './visit-ended.js';
import { VisitMerged } from './visit-merged.js';
import { VisitStarted } from './visit-started.js';

export * from './event.js';
export * from './alert-raised.js';
export * from './camera-status.js';
export * from './cameras-changed.js';
export * from './customer-updated.js';
export * from './expression-scored.js';
export * from './face-captured.js';
export * from './faces-tracked.js';
export * from './frame-captured.js';
export * from './forecast-requested.js';
export * from './forecast-updated.js';
export * from './gallery-changed.js';
export * from './loyalty-reached.js';
export * from './loyalty-rules-changed.js';
export * from './pseudonym-changed.js';
export * from './sale-join-corrected.js';
export * from './sale-recorded.js';
export * from './sale-refunded.js';
export * from './sales-imported.js';
export * from './segment-changed.js';
export * from './sighting-ended.js';
export * from './sighting-identified.js';
export * from './sighting-started.js';
export * from './sightings-reassigned.js';
export * from './value-updated.js';
export * from './visit-ended.js';
export * from './visit-merged.js';
export * from './visit-started.js';

/** The catalogue: every event of Regulars. */
export const EVENTS: readonly EventDefinition[] = [
  CameraStatus,
  FrameCaptured,
  FacesTracked,
  SightingStarted,
  SightingIdentified,
  SightingEnded,
  PseudonymChanged,
  SightingsReassigned,
  FaceCaptured,
  ExpressionScored,
  VisitStarted,
  VisitEnded,
  VisitMerged,
  SaleRecorded,
  SaleRefunded,
  SalesImported,
  SaleJoinCorrected,
  ValueUpdated,
  SegmentChanged,
  ForecastRequested,
  ForecastUpdated,
  LoyaltyReached,
  LoyaltyRulesChanged,
  AlertRaised,
  CustomerUpdated,
  GalleryChanged,
  CamerasChanged,
] as unknown as readonly EventDefinition[];

export function eventByKey(key: string): EventDefinition | undefined {
  return EVENTS.find((event) => event.key === key);
}
