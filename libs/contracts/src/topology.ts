import { ChangePseudonym, CompareStranger, EnrolPhotographs } from './commands.js';
import { AlertRaised } from './events/alert-raised.js';
import { CameraStatus } from './events/camera-status.js';
import { CamerasChanged } from './events/cameras-changed.js';
import { CustomerUpdated } from './events/customer-updated.js';
import type { ServiceName } from './events/event.js';
import { ExplainExpression, ListHeads, ServeHead, TrainHead } from './expression.js';
import { ExpressionScored } from './events/expression-scored.js';
import { FaceCaptured } from './events/face-captured.js';
import { FacesTracked } from './events/faces-tracked.js';
import { FrameCaptured } from './events/frame-captured.js';
import { ForecastRequested } from './events/forecast-requested.js';
import { ForecastUpdated } from './events/forecast-updated.js';
import { GalleryChanged } from './events/gallery-changed.js';
import { LoyaltyReached } from './events/loyalty-reached.js';
import { LoyaltyRulesChanged } from './events/loyalty-rules-changed.js';
import { PseudonymChanged } from './events/pseudonym-changed.js';
import { SaleJoinCorrected } from './events/sale-join-corrected.js';
import { SaleRecorded } from './events/sale-recorded.js';
import { SaleRefunded } from './events/sale-refunded.js';
import { SegmentChanged } from './events/segment-changed.js';
import { SalesImported } from './events/sales-imported.js';
import { SightingEnded } from './events/sighting-ended.js';
import { SightingIdentified } from './events/sighting-identified.js';
import { SightingStarted } from './events/sighting-started.js';
import { SightingsReassigned } from './events/sightings-reassigned.js';
import { ValueUpdated } from './events/value-updated.js';
import { VisitEnded } from './events/visit-ended.js';
import { VisitMerged } from './events/visit-merged.js';
import { VisitStarted } from './events/visit-started.js';
import { ChangeRecogniser, CompareRecognisers, ListRecognisers } from './recognisers.js';

/** Exchanges, all topic exchanges: events that count and messages of which only the newest matters. */
export const EXCHANGES = {
  counts: 'regulars.events',
  newest: 'regulars.live',
  commands: 'regulars.commands',
} as const;

interface QueueBase {
  readonly service: ServiceName;
  readonly keys: readonly string[];
  /** Unacknowledged messages one consumer holds. */
  readonly prefetch: number;
}

/** Durable quorum queue shared by the replicas of a service: each message is handled by one of them. */
export interface WorkQueue extends QueueBase {
  readonly kind: 'work';
  /** Delays before the second, third, ... attempt, milliseconds; after the last the message is dead. */
  readonly retryDelaysMs: readonly number[];
}

/** Exclusive queue of each replica: every replica gets every message while it is up, none from before. */
export interface BroadcastQueue extends QueueBase {
  readonly kind: 'broadcast';
  readonly maxLength: number;
}

/** Classic queue shared by the replicas, of which the oldest messages are dropped. */
export interface NewestQueue extends QueueBase {
  readonly kind: 'newest';
  readonly maxLength: number;
  readonly ttlMs: number;
}

/** One queue per lane of cameras. One replica at a time consumes a lane, enforced by the broker, so that a
 *  camera's frames arrive in order at one worker. */
export interface LaneQueue extends QueueBase {
  readonly kind: 'lanes';
  readonly lanes: number;
  readonly maxLength: number;
  readonly ttlMs: number;
}

/** Questions with an answer, shared by the replicas. */
export interface CommandQueue extends QueueBase {
  readonly kind: 'commands';
  readonly ttlMs: number;
}

export type QueueDefinition = WorkQueue | BroadcastQueue | NewestQueue | LaneQueue | CommandQueue;

/** A frame older than this has no value (measured: frame age p99 122 ms with a slow consumer behind a
 *  drop-head queue of this kind, seconds without one). */
const FRAME_TTL_MS = 2_000;
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000] as const;

/** The one table of queues, by name. */
export const QUEUES = {
  'capture.cameras': {
    kind: 'broadcast',
    service: 'capture',
    keys: [CamerasChanged.key],
    prefetch: 16,
    maxLength: 1_000,
  },
  'recognition.frames': {
    kind: 'lanes',
    service: 'recognition',
    keys: [FrameCaptured.key],
    lanes: 16,
    maxLength: 4,
    ttlMs: FRAME_TTL_MS,
    prefetch: 2,
  },
  'recognition.gallery': {
    kind: 'broadcast',
    service: 'recognition',
    keys: [GalleryChanged.key, CustomerUpdated.key, PseudonymChanged.key, SightingsReassigned.key],
    prefetch: 16,
    maxLength: 10_000,
  },
  'recognition.enrolment': {
    kind: 'commands',
    service: 'recognition',
    keys: [
      EnrolPhotographs.key,
      ChangePseudonym.key,
      CompareStranger.key,
      ListRecognisers.key,
      CompareRecognisers.key,
      ChangeRecogniser.key,
    ],
    ttlMs: EnrolPhotographs.timeoutMs,
    prefetch: 1,
  },
  'expression.faces': {
    kind: 'newest',
    service: 'expression',
    keys: [FaceCaptured.key],
    maxLength: 64,
    ttlMs: 5_000,
    prefetch: 8,
  },
  'expression.questions': {
    kind: 'commands',
    service: 'expression',
    keys: [ExplainExpression.key, ListHeads.key, TrainHead.key, ServeHead.key],
    ttlMs: TrainHead.timeoutMs,
    prefetch: 4,
  },
  'analytics.events': {
    kind: 'work',
    service: 'analytics',
    keys: [
      CameraStatus.key,
      SightingStarted.key,
      SightingIdentified.key,
      SightingEnded.key,
      SightingsReassigned.key,
      PseudonymChanged.key,
      ExpressionScored.key,
      CustomerUpdated.key,
      SaleRecorded.key,
      SaleRefunded.key,
      SalesImported.key,
      SaleJoinCorrected.key,
      VisitStarted.key,
      VisitEnded.key,
      VisitMerged.key,
      LoyaltyRulesChanged.key,
      ForecastRequested.key,
    ],
    retryDelaysMs: RETRY_DELAYS_MS,
    prefetch: 16,
  },
  'analytics.notices': {
    kind: 'work',
    service: 'analytics',
    keys: [AlertRaised.key],
    retryDelaysMs: RETRY_DELAYS_MS,
    prefetch: 4,
  },
  'gateway.events': {
    kind: 'broadcast',
    service: 'gateway',
    keys: [
      CameraStatus.key,
      SightingStarted.key,
      SightingIdentified.key,
      SightingEnded.key,
      ExpressionScored.key,
      VisitStarted.key,
      VisitEnded.key,
      VisitMerged.key,
      ValueUpdated.key,
      SegmentChanged.key,
      LoyaltyReached.key,
      AlertRaised.key,
      ForecastUpdated.key,
      CustomerUpdated.key,
      GalleryChanged.key,
      CamerasChanged.key,
      SaleRecorded.key,
      SaleRefunded.key,
      SalesImported.key,
    ],
    prefetch: 256,
    maxLength: 10_000,
  },
  'gateway.pictures': {
    kind: 'broadcast',
    service: 'gateway',
    keys: [FrameCaptured.key, FacesTracked.key],
    prefetch: 16,
    maxLength: 64,
  },
} as const satisfies Record<string, QueueDefinition>;

export type QueueName = keyof typeof QUEUES;

export function queuesOf(service: ServiceName): readonly (readonly [QueueName, QueueDefinition])[] {
  return (Object.entries(QUEUES) as [QueueName, QueueDefinition][]).filter(
    ([, queue]) => queue.service === service,
  );
}

/** Lane of a camera: FNV-1a of its id, so that every publisher agrees without asking.
 *  @returns 0 .. lanes-1 */
export function laneOf(cameraId: string, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < cameraId.length; i++) {
    hash ^= cameraId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % lanes;
}
