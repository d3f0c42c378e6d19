import {
  type CameraFault,
  type CameraState,
  type CameraView,
  type CustomerView,
  type ForecastView,
  type LiveEvent,
  type LivePayload,
  type LiveVisitor,
  type SatisfactionClass,
  type ValueSummary,
  type VisitView,
} from '@regulars/contracts';
import { applyPayload } from './live-payload.js';
import { addHistory, addToStream, type StreamEntry, visitorOf } from './stream.js';

/** A visit that has not ended. */
export interface OpenVisit {
  readonly visitId: string;
  readonly who: LiveVisitor;
  readonly startedAt: string;
  /** Where it began; null when only the list of visits told of it and named no camera. */
  readonly cameraId: string | null;
  /** What the last scored expression said. */
  readonly mood: SatisfactionClass | null;
  /** `tick` of the action that changed it last: a list asked for earlier does not overrule it. */
  readonly changedAt: number;
}

export interface CameraHealth {
  readonly state: CameraState;
  readonly fault: CameraFault | null;
  readonly since: string;
}

/** What a customer is worth and what is expected, as an event or an answer told last. */
export interface Worth {
  readonly value: ValueSummary | null;
  readonly forecast: ForecastView | null;
  /** `tick` of the action that changed it last, as in OpenVisit. */
  readonly changedAt: number;
}

/** How the page is joined to the gateway, and since when (ISO 8601). */
export interface Link {
  readonly state: 'connecting' | 'open' | 'lost';
  readonly since: string | null;
}

/** How often each list became out of date; whoever shows a list loads it again when its number rises. */
export interface Staleness {
  readonly cameras: number;
  readonly customers: number;
  readonly visits: number;
  /** What single customers are worth, where no event told it. */
  readonly worths: number;
  /** What is summed over customers: segments, cohorts, forecasts. */
  readonly totals: number;
}

export interface LiveState {
  readonly link: Link;
  /** The last event taken in; sent as `since` when the page reconnects. */
  readonly position: { readonly epoch: string; readonly sequence: number } | null;
  /** Actions so far: the page's own clock, which orders lists against events. */
  readonly tick: number;
  readonly cameras: Readonly<Record<string, CameraHealth>>;
  readonly visits: Readonly<Record<string, OpenVisit>>;
  /** Visits that ended or were absorbed, newest last, so that no late list opens them again. */
  readonly closedVisitIds: readonly string[];
  /** Customers' names as the list of customers has them: newer than the name inside an event. */
  readonly names: Readonly<Record<string, string>>;
  /** Of the customers whose worth was told or asked for. */
  readonly worths: Readonly<Record<string, Worth>>;
  /** Newest first. */
  readonly stream: readonly StreamEntry[];
  readonly stale: Staleness;
}

export type LiveAction =
  | { readonly kind: 'event'; readonly event: LiveEvent }
  /** What was missed is lost; `position` is where the gateway stands now. */
  | { readonly kind: 'reset'; readonly at: string; readonly position: LiveState['position'] }
  | { readonly kind: 'opened'; readonly at: string }
  | { readonly kind: 'lost'; readonly at: string }
  /** The open visits, asked for when `tick` was `asOf`. */
  | { readonly kind: 'visits'; readonly views: readonly VisitView[]; readonly asOf: number }
  /** The newest visits, open or not: what happened before the page was opened. */
  | { readonly kind: 'history'; readonly views: readonly VisitView[] }
  /** One customer's worth, asked for when `tick` was `asOf`. */
  | {
      readonly kind: 'worth';
      readonly customerId: string;
      readonly worth: Pick<Worth, 'value' | 'forecast'>;
      readonly asOf: number;
    }
  | { readonly kind: 'cameras'; readonly views: readonly CameraView[] }
  | { readonly kind: 'customers'; readonly views: readonly CustomerView[] };

export const INITIAL_LIVE_STATE: LiveState = {
  link: { state: 'connecting', since: null },
  position: null,
  tick: 0,
  cameras: {},
  visits: {},
  closedVisitIds: [],
  names: {},
  worths: {},
  stream: [],
  stale: { cameras: 0, customers: 0, visits: 0, worths: 0, totals: 0 },
};

const ALL_STALE = (stale: Staleness): Staleness => ({
  cameras: stale.cameras + 1,
  customers: stale.customers + 1,
  visits: stale.visits + 1,
  worths: stale.worths + 1,
  totals: stale.totals + 1,
});

/** The page's state after one action. An event that was taken in before (same epoch, same or lower sequence)
 *  changes nothing. */
export function liveReducer(state: LiveState, action: LiveAction): LiveState {
  const next = { ...state, tick: state.tick + 1 };
  switch (action.kind) {
    case 'event':
      return takeIn(state, action.event);
    case 'reset':
      return { ...missed(next, action.at), position: action.position };
    case 'opened':
      return {
        ...next,
        link: { state: 'open', since: action.at },
        // With no position nothing can be replayed: what happened before the socket stood is in the lists.
        stale: state.position === null ? ALL_STALE(state.stale) : state.stale,
      };
    case 'lost':
      return state.link.state === 'lost' ? state : { ...next, link: { state: 'lost', since: action.at } };
    case 'visits':
      return { ...next, visits: mergeVisits(next, action.views, action.asOf) };
    case 'history':
      return { ...next, stream: addHistory(state.stream, action.views) };
    case 'worth': {
      const { customerId, worth, asOf } = action;
      if ((state.worths[customerId]?.changedAt ?? 0) > asOf) return state;
      return { ...next, worths: { ...state.worths, [customerId]: { ...worth, changedAt: next.tick } } };
    }
    case 'cameras':
      return { ...next, cameras: mergeCameras(state.cameras, action.views) };
    case 'customers':
      return {
        ...next,
        names: Object.fromEntries(action.views.map((view) => [view.customerId, view.displayName])),
      };
  }
}

function takeIn(state: LiveState, event: LiveEvent): LiveState {
  const { position } = state;
  const sameEpoch = position !== null && position.epoch === event.epoch;
  if (sameEpoch && event.sequence <= position.sequence) return state;
  const restarted = position !== null && !sameEpoch;
  const before = restarted ? missed(state, event.at) : state;
  const seen: LiveState = {
    ...before,
    tick: state.tick + 1,
    position: { epoch: event.epoch, sequence: event.sequence },
  };
  const after = applyPayload(seen, event.payload);
  return { ...after, stream: addToStream(after.stream, entryOf(event, event.payload)) };
}

function entryOf(event: LiveEvent, payload: LivePayload): StreamEntry {
  return { id: `${event.epoch}:${event.sequence}`, at: event.at, payload };
}

/** Events were lost for good: the lists are loaded again and the stream says that it has a gap. */
function missed(state: LiveState, at: string): LiveState {
  const gap: StreamEntry = { id: `gap:${state.tick}`, at, payload: { kind: 'gap' } };
  return {
    ...state,
    position: null,
    stale: ALL_STALE(state.stale),
    stream: state.stream[0]?.payload.kind === 'gap' ? state.stream : addToStream(state.stream, gap),
  };
}

function mergeVisits(state: LiveState, views: readonly VisitView[], asOf: number): Record<string, OpenVisit> {
  const closed = new Set(state.closedVisitIds);
  const merged: Record<string, OpenVisit> = {};
  for (const view of views) {
    if (view.endedAt !== null || closed.has(view.visitId)) continue;
    merged[view.visitId] = {
      visitId: view.visitId,
      who: visitorOf(view),
      startedAt: view.startedAt,
      cameraId: view.cameraIds[0] ?? null,
      mood: view.satisfaction.class,
      changedAt: state.tick,
    };
  }
  for (const visit of Object.values(state.visits)) {
    if (visit.changedAt > asOf) merged[visit.visitId] = visit;
  }
  return merged;
}

function mergeCameras(
  known: LiveState['cameras'],
  views: readonly CameraView[],
): Readonly<Record<string, CameraHealth>> {
  return Object.fromEntries(
    views.map(({ cameraId, status }) => {
      const heard = known[cameraId];
      const listed = { state: status.state, fault: status.fault, since: status.since };
      return [cameraId, heard !== undefined && heard.since > status.since ? heard : listed];
    }),
  );
}
