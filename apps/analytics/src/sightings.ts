import type {
  ExpressionOutcome,
  ExpressionScored,
  Identity,
  Instant,
  SightingEnded,
  SightingIdentified,
  SightingsReassigned,
  SightingStarted,
  Visitor,
} from '@regulars/contracts';
import { earlier, later } from './instants.js';
import { joinCrops, type CropScore } from './satisfaction.js';

/** Who recognition said it was, and when. */
export interface Decision {
  /** Null: a stranger. */
  readonly customerId: string | null;
  /** By which a stranger is known again; absent: by none. */
  readonly pseudonymId?: string;
  readonly decidedAt: Instant;
  /** Came with the end of the sighting, when all views had voted. */
  readonly isFinal: boolean;
}

/** All that is known of one sighting. What one event tells is a Sighting too; joining them in any order and
 *  any number of times gives the same. */
export interface Sighting {
  readonly sightingId: string;
  readonly storeId: string;
  readonly cameraId: string;
  readonly startedAt: Instant;
  /** The last evidence of the person: a frame that decided, a crop that was scored, the end. */
  readonly lastSeenAt: Instant;
  readonly hasEnded: boolean;
  /** The camera only counts people, so that nobody is ever decided. */
  readonly isCountOnly: boolean;
  readonly decision: Decision | null;
  readonly crops: readonly CropScore[];
  /** Set by an erasure: the first sighting of the visit it belongs to, whose visitor is a stranger for good. */
  readonly anonymousAs: string | null;
}

/** Absent rather than undefined: what is stored comes back equal. */
function pseudonymOf(pseudonymId: string | undefined): { pseudonymId?: string } {
  return pseudonymId === undefined ? {} : { pseudonymId };
}

function decisionOf(identity: Identity, decidedAt: Instant, isFinal: boolean): Decision | null {
  switch (identity.kind) {
    case 'identified':
      return { customerId: identity.customerId, decidedAt, isFinal };
    case 'stranger':
      return { customerId: null, ...pseudonymOf(identity.pseudonymId), decidedAt, isFinal };
    case 'undecided':
      return null;
  }
}

function evidence(
  event: { sightingId: string; storeId: string; cameraId: string },
  startedAt: Instant,
  lastSeenAt: Instant,
): Sighting {
  const { sightingId, storeId, cameraId } = event;
  return {
    sightingId,
    storeId,
    cameraId,
    startedAt,
    lastSeenAt,
    hasEnded: false,
    isCountOnly: false,
    decision: null,
    crops: [],
    anonymousAs: null,
  };
}

export function startOf(event: SightingStarted): Sighting {
  return evidence(event, event.startedAt, event.startedAt);
}

export function identificationOf(event: SightingIdentified): Sighting {
  const { startedAt, identifiedAt, identity } = event;
  return {
    ...evidence(event, startedAt, identifiedAt),
    decision: decisionOf(identity, identifiedAt, false),
  };
}

export function endOf(event: SightingEnded): Sighting {
  const { startedAt, endedAt, identity } = event;
  return {
    ...evidence(event, startedAt, endedAt),
    hasEnded: true,
    isCountOnly: event.mode === 'count',
    decision: decisionOf(identity, endedAt, true),
  };
}

/** What an operator said of whom a sighting shows: the last word, until recognition has a newer one. */
export function reassigned(
  sighting: Sighting,
  visitor: SightingsReassigned['visitor'],
  reassignedAt: Instant,
): Sighting {
  const decided = { decidedAt: reassignedAt, isFinal: true };
  switch (visitor.kind) {
    case 'customer':
      return { ...sighting, decision: { customerId: visitor.customerId, ...decided } };
    case 'pseudonym':
      return { ...sighting, decision: { customerId: null, pseudonymId: visitor.pseudonymId, ...decided } };
    case 'stranger':
      // Recognition may have taken it for somebody else since.
      return sighting.decision?.customerId === visitor.notCustomerId
        ? { ...sighting, decision: { customerId: null, ...decided } }
        : sighting;
  }
}

/** A neutral face counts as 0.5: with hardly any decisive probability the ratio of two is noise. */
function scoreOf(outcome: ExpressionOutcome): number | null {
  if (outcome.kind === 'abstained') return null;
  return outcome.class === 'neutral' ? 0.5 : outcome.satisfaction;
}

/** A crop is evidence that the person stood there, whether or not it could be scored. */
export function expressionOf(event: ExpressionScored): Sighting {
  const { capturedAt, outcome } = event;
  return { ...evidence(event, capturedAt, capturedAt), crops: [{ capturedAt, score: scoreOf(outcome) }] };
}

/** The newest decision stands; at one instant the final one; then an order without meaning, so that all
 *  replicas choose alike. */
function newerDecision(a: Decision | null, b: Decision | null): Decision | null {
  if (!a || !b) return a ?? b;
  const order = (d: Decision) => `${d.decidedAt} ${d.isFinal ? 1 : 0} ${d.customerId ?? d.pseudonymId ?? ''}`;
  return order(a) >= order(b) ? a : b;
}

/** Joins what is known of one sighting. Commutative, associative and idempotent. */
export function joinEvidence(a: Sighting, b: Sighting): Sighting {
  const anonymousAs = a.anonymousAs ?? b.anonymousAs;
  return {
    sightingId: a.sightingId,
    storeId: a.storeId,
    cameraId: a.cameraId,
    startedAt: earlier(a.startedAt, b.startedAt),
    lastSeenAt: later(a.lastSeenAt, b.lastSeenAt),
    hasEnded: a.hasEnded || b.hasEnded,
    isCountOnly: a.isCountOnly || b.isCountOnly,
    decision: anonymousAs === null ? newerDecision(a.decision, b.decision) : null,
    crops: joinCrops(a.crops, b.crops),
    anonymousAs,
  };
}

/** Whose visit a sighting belongs to; null while that cannot be said. Somebody who was never decided counts
 *  only where a camera counts: elsewhere it is a face too poor to judge, often of somebody who counts already. */
export function visitorOf(sighting: Sighting): Visitor | null {
  const { sightingId, decision, anonymousAs } = sighting;
  if (anonymousAs !== null) return { kind: 'stranger', sightingId: anonymousAs };
  if (decision?.customerId) return { kind: 'customer', customerId: decision.customerId };
  if (decision?.pseudonymId) return { kind: 'pseudonym', pseudonymId: decision.pseudonymId };
  if (decision) return { kind: 'stranger', sightingId };
  return sighting.hasEnded && sighting.isCountOnly ? { kind: 'stranger', sightingId } : null;
}
