import { assertNever, type LivePayload, type LiveVisitor } from '@regulars/contracts';
import type { LiveState, OpenVisit, Worth } from './live-state.js';
import { forgetInStream, joinInStream } from './stream.js';

/** Ended visits that are remembered; more than a busy shop closes while one list is under way. */
const CLOSED_VISITS_KEPT = 1_000;

/** The state after what one event tells, without the stream of events. */
export function applyPayload(state: LiveState, payload: LivePayload): LiveState {
  switch (payload.kind) {
    case 'camera':
      return {
        ...state,
        cameras: {
          ...state.cameras,
          [payload.cameraId]: { state: payload.state, fault: payload.fault, since: payload.since },
        },
      };
    case 'visit-started':
      return startVisit(state, payload);
    case 'visit-ended':
      return { ...closeVisit(state, payload.visitId), stale: raise(state, 'visits') };
    case 'visit-merged':
      return { ...closeVisit(state, payload.absorbedVisitId), stale: raise(state, 'visits') };
    case 'expression':
      return payload.outcome.kind === 'scored'
        ? { ...state, visits: withMood(state, payload.who, payload.outcome.class) }
        : state;
    case 'customer':
      return payload.change === 'erased'
        ? forgetCustomer(state, payload.customerId)
        : { ...state, stale: raise(state, 'customers') };
    case 'cameras':
      return { ...state, stale: raise(state, 'cameras') };
    case 'sighting-started':
    case 'sighting-identified':
    case 'sighting-ended':
    case 'alert':
      return state;
    case 'value':
      return {
        ...state,
        worths: { ...state.worths, [payload.customerId]: worthOf(state, payload) },
        stream: joinInStream(state.stream, payload),
        stale: raise(state, 'totals'),
      };
    case 'segment':
      return { ...state, worths: withSegment(state, payload), stale: raise(state, 'totals') };
    case 'sale':
    case 'refund':
    case 'loyalty':
      return { ...state, stale: raise(state, 'totals') };
    case 'import':
    case 'forecasts':
      return { ...state, stale: raise({ ...state, stale: raise(state, 'worths') }, 'totals') };
    default:
      return assertNever(payload);
  }
}

function worthOf(state: LiveState, { value, forecast }: Extract<LivePayload, { kind: 'value' }>): Worth {
  return { value, forecast, changedAt: state.tick };
}

function withSegment(
  state: LiveState,
  { customerId, to }: Extract<LivePayload, { kind: 'segment' }>,
): LiveState['worths'] {
  const worth = state.worths[customerId];
  if (worth === undefined || worth.value === null) return state.worths;
  const value = { ...worth.value, segment: to };
  return { ...state.worths, [customerId]: { ...worth, value, changedAt: state.tick } };
}

function raise(state: LiveState, list: keyof LiveState['stale']): LiveState['stale'] {
  return { ...state.stale, [list]: state.stale[list] + 1 };
}

function startVisit(state: LiveState, payload: Extract<LivePayload, { kind: 'visit-started' }>): LiveState {
  if (state.closedVisitIds.includes(payload.visitId)) return state;
  const visit: OpenVisit = {
    visitId: payload.visitId,
    who: payload.who,
    startedAt: payload.startedAt,
    cameraId: payload.cameraId,
    mood: state.visits[payload.visitId]?.mood ?? null,
    changedAt: state.tick,
  };
  return {
    ...state,
    visits: { ...state.visits, [payload.visitId]: visit },
    stale: raise(state, 'visits'),
  };
}

function closeVisit(state: LiveState, visitId: string): LiveState {
  const visits = without(state.visits, visitId);
  if (state.closedVisitIds.includes(visitId)) return { ...state, visits };
  return {
    ...state,
    visits,
    closedVisitIds: [...state.closedVisitIds, visitId].slice(-CLOSED_VISITS_KEPT),
  };
}

function withMood(state: LiveState, who: LiveVisitor, mood: OpenVisit['mood']): LiveState['visits'] {
  if (who.kind !== 'customer') return state.visits;
  return mapVisits(state.visits, who.customerId, (visit) => ({ ...visit, mood, changedAt: state.tick }));
}

/** Takes an erased customer's name out of everything the page holds. */
function forgetCustomer(state: LiveState, customerId: string): LiveState {
  return {
    ...state,
    names: without(state.names, customerId),
    worths: without(state.worths, customerId),
    visits: mapVisits(state.visits, customerId, (visit) => ({
      ...visit,
      who: { kind: 'stranger' },
      changedAt: state.tick,
    })),
    stream: forgetInStream(state.stream, customerId),
    stale: raise({ ...state, stale: raise(state, 'customers') }, 'visits'),
  };
}

function mapVisits(
  visits: LiveState['visits'],
  customerId: string,
  change: (visit: OpenVisit) => OpenVisit,
): LiveState['visits'] {
  return Object.fromEntries(
    Object.entries(visits).map(([visitId, visit]) => [
      visitId,
      visit.who.kind === 'customer' && visit.who.customerId === customerId ? change(visit) : visit,
    ]),
  );
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
