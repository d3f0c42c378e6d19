import {
  assertNever,
  type Identity,
  type LiveEvent,
  type LivePayload,
  type LiveVisitor,
  type Visitor,
} from '@regulars/contracts';
import type { HeardEvent } from './heard-event.js';
import { toSaleNews } from './sale-news.js';
import { toValueNews } from './value-news.js';

/** What a page is told of an event, before it gets its number. */
export type LiveNews = Omit<LiveEvent, 'epoch' | 'sequence'>;

/** What is known of the people an event names. */
export interface Acquaintance {
  /** The customer's name; a stand-in when the customer was erased or cannot be read. */
  nameOf(customerId: string): string;
  /** Who a sighting was found to show so far. */
  identityOf(sightingId: string): Identity;
}

/** Customers whose names the live event will show. */
export function customersNamedBy(
  event: HeardEvent,
  acquaintance: Pick<Acquaintance, 'identityOf'>,
): string[] {
  switch (event.key) {
    case 'sighting.identified':
    case 'sighting.ended':
      return customersOf(event.payload.identity);
    case 'expression.scored':
    case 'alert.raised':
      return customersOf(acquaintance.identityOf(event.payload.sightingId));
    case 'visit.started':
    case 'visit.ended': {
      const { visitor } = event.payload;
      return visitor.kind === 'customer' ? [visitor.customerId] : [];
    }
    case 'sale.recorded':
    case 'sale.refunded':
      return event.payload.customerId === null ? [] : [event.payload.customerId];
    case 'value.updated':
    case 'segment.changed':
    case 'loyalty.reached':
      return [event.payload.customerId];
    case 'forecast.updated':
    case 'camera.status':
    case 'sales.imported':
    case 'sighting.started':
    case 'visit.merged':
    case 'customer.updated':
    case 'gallery.changed':
    case 'cameras.changed':
      return [];
    default:
      return assertNever(event);
  }
}

export function customersOf(identity: Identity): string[] {
  return identity.kind === 'identified' ? [identity.customerId] : [];
}

/** The live event of a broker event: the same facts with names instead of ids alone. */
export function toLiveEvent(event: HeardEvent, acquaintance: Acquaintance): LiveNews {
  switch (event.key) {
    case 'camera.status': {
      const { storeId, cameraId, state, fault, since } = event.payload;
      return news(storeId, since, { kind: 'camera', cameraId, state, fault, since });
    }
    case 'cameras.changed': {
      const { cameraId, change, changedAt } = event.payload;
      return news(null, changedAt, { kind: 'cameras', cameraId, change });
    }
    case 'customer.updated': {
      const { customerId, change, updatedAt } = event.payload;
      return news(null, updatedAt, { kind: 'customer', customerId, change });
    }
    case 'gallery.changed': {
      const { customerId, changedAt } = event.payload;
      const change = event.payload.change === 'added' ? 'enrolled' : 'unenrolled';
      return news(null, changedAt, { kind: 'customer', customerId, change });
    }
    case 'sighting.started':
    case 'sighting.identified':
    case 'sighting.ended':
    case 'expression.scored':
    case 'alert.raised':
      return toSightingNews(event, acquaintance);
    case 'visit.started':
    case 'visit.ended':
    case 'visit.merged':
      return toVisitNews(event, acquaintance);
    case 'sale.recorded':
    case 'sale.refunded':
    case 'sales.imported':
      return toSaleNews(event, acquaintance);
    case 'value.updated':
    case 'segment.changed':
    case 'loyalty.reached':
    case 'forecast.updated':
      return toValueNews(event, acquaintance);
    default:
      return assertNever(event);
  }
}

type SightingEvent = Extract<
  HeardEvent,
  {
    key: 'sighting.started' | 'sighting.identified' | 'sighting.ended' | 'expression.scored' | 'alert.raised';
  }
>;
type VisitEvent = Extract<HeardEvent, { key: 'visit.started' | 'visit.ended' | 'visit.merged' }>;

function toSightingNews(event: SightingEvent, acquaintance: Acquaintance): LiveNews {
  const { storeId, sightingId, cameraId } = event.payload;
  const whoIs = (identity: Identity): LiveVisitor => visitorOf(identity, acquaintance);
  switch (event.key) {
    case 'sighting.started': {
      const who = whoIs({ kind: 'undecided' });
      return news(storeId, event.payload.startedAt, { kind: 'sighting-started', sightingId, cameraId, who });
    }
    case 'sighting.identified': {
      const { identity, identifiedAt } = event.payload;
      const who = whoIs(identity);
      return news(storeId, identifiedAt, {
        kind: 'sighting-identified',
        sightingId,
        cameraId,
        who,
        identity,
      });
    }
    case 'sighting.ended': {
      const { identity, startedAt, endedAt } = event.payload;
      const who = whoIs(identity);
      return news(storeId, endedAt, { kind: 'sighting-ended', sightingId, cameraId, who, startedAt });
    }
    case 'expression.scored': {
      const { outcome, capturedAt } = event.payload;
      const who = whoIs(acquaintance.identityOf(sightingId));
      return news(storeId, capturedAt, { kind: 'expression', sightingId, cameraId, who, outcome });
    }
    case 'alert.raised': {
      const { kind: alert, tillId, since, raisedAt } = event.payload;
      const who = whoIs(acquaintance.identityOf(sightingId));
      return news(storeId, raisedAt, { kind: 'alert', sightingId, cameraId, who, alert, tillId, since });
    }
    default:
      return assertNever(event);
  }
}

function toVisitNews(event: VisitEvent, acquaintance: Acquaintance): LiveNews {
  const { storeId, visitId } = event.payload;
  switch (event.key) {
    case 'visit.started': {
      const { visitor, startedAt, cameraId } = event.payload;
      const who = visitorOf(visitor, acquaintance);
      return news(storeId, startedAt, { kind: 'visit-started', visitId, who, startedAt, cameraId });
    }
    case 'visit.ended': {
      const { visitor, startedAt, endedAt, satisfaction } = event.payload;
      const who = visitorOf(visitor, acquaintance);
      return news(storeId, endedAt, { kind: 'visit-ended', visitId, who, startedAt, endedAt, satisfaction });
    }
    case 'visit.merged': {
      const { absorbedVisitId, mergedAt } = event.payload;
      return news(storeId, mergedAt, { kind: 'visit-merged', visitId, absorbedVisitId });
    }
    default:
      return assertNever(event);
  }
}

function news(storeId: string | null, at: string, payload: LivePayload): LiveNews {
  return { storeId, at, payload };
}

/** Who, as an authorised page may show it. */
export function visitorOf(who: Identity | Visitor, acquaintance: Pick<Acquaintance, 'nameOf'>): LiveVisitor {
  switch (who.kind) {
    case 'identified':
    case 'customer': {
      const { customerId } = who;
      return { kind: 'customer', customerId, displayName: acquaintance.nameOf(customerId) };
    }
    case 'pseudonym':
      return { kind: 'stranger', pseudonymId: who.pseudonymId };
    case 'stranger':
      return strangerOf(who);
    case 'undecided':
      return { kind: 'undecided' };
    default:
      return assertNever(who);
  }
}

function strangerOf(who: Extract<Identity | Visitor, { kind: 'stranger' }>): LiveVisitor {
  const isKnownAgain = 'pseudonymId' in who && who.pseudonymId !== undefined;
  return isKnownAgain ? { kind: 'stranger', pseudonymId: who.pseudonymId } : { kind: 'stranger' };
}
