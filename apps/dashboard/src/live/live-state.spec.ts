import type { LivePayload } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import {
  cameraView,
  customer,
  customerId,
  customerView,
  liveEvent,
  NOON,
  visitEnded,
  visitId,
  visitMerged,
  visitStarted,
} from '../testing/a.js';
import { INITIAL_LIVE_STATE, type LiveAction, liveReducer, type LiveState } from './live-state.js';
import { presenceOf } from './presence.js';

const LATER = '2026-03-01T12:05:00.000Z';

function after(actions: readonly LiveAction[], state: LiveState = INITIAL_LIVE_STATE): LiveState {
  return actions.reduce(liveReducer, state);
}

function events(...payloads: readonly LivePayload[]): LiveAction[] {
  return payloads.map((payload, index) => ({ kind: 'event', event: liveEvent(payload, index + 1) }));
}

function openVisits(state: LiveState): string[] {
  return Object.keys(state.visits).sort();
}

describe('the live state', () => {
  it('opens a visit when it starts and closes it when it ends', () => {
    const open = after(events(visitStarted(1, customer(1)), visitStarted(2)));
    expect(presenceOf(open.visits)).toMatchObject({ regulars: [{ visitId: visitId(1) }], guests: 1 });
    const closed = after([{ kind: 'event', event: liveEvent(visitEnded(1, customer(1)), 3) }], open);
    expect(openVisits(closed)).toEqual([visitId(2)]);
  });

  it('counts two visits that turned out to be one person once', () => {
    const state = after(events(visitStarted(1, customer(1)), visitStarted(2), visitMerged(1, 2)));
    expect(openVisits(state)).toEqual([visitId(1)]);
  });

  it('changes nothing when an event comes twice', () => {
    const once = after(events(visitStarted(1)));
    expect(liveReducer(once, { kind: 'event', event: liveEvent(visitStarted(1), 1) })).toBe(once);
  });

  it('asks for every list and marks a gap when the gateway was restarted', () => {
    const before = after(events(visitStarted(1)));
    const state = after([{ kind: 'event', event: liveEvent(visitStarted(2), 1, 'second') }], before);
    expect(state.position).toEqual({ epoch: 'second', sequence: 1 });
    expect(state.stream.map((entry) => entry.payload.kind)).toEqual([
      'visit-started',
      'gap',
      'visit-started',
    ]);
    expect(state.stale.cameras).toBe(before.stale.cameras + 1);
  });

  it('asks for every list on connecting only when nothing can be replayed', () => {
    const fresh = after([{ kind: 'opened', at: NOON }]);
    expect(fresh.stale).toEqual({ cameras: 1, customers: 1, visits: 1, worths: 1, totals: 1 });
    const known = after(events(visitStarted(1)));
    expect(after([{ kind: 'opened', at: NOON }], known).stale).toEqual(known.stale);
  });

  it('keeps since when the connection has been lost over several failed attempts', () => {
    const state = after([
      { kind: 'lost', at: NOON },
      { kind: 'lost', at: LATER },
    ]);
    expect(state.link).toEqual({ state: 'lost', since: NOON });
  });

  it('keeps the later of what a list and an event say about a camera', () => {
    const stalled: LivePayload = {
      kind: 'camera',
      cameraId: 'till',
      state: 'stalled',
      fault: 'CAMERA_STALLED',
      since: LATER,
    };
    const state = after([...events(stalled), { kind: 'cameras', views: [cameraView('till')] }]);
    expect(state.cameras['till']?.state).toBe('stalled');
    const old = after([{ kind: 'cameras', views: [cameraView('till')] }]);
    expect(old.cameras['till']?.state).toBe('live');
  });

  it('shows the mood of a customer at their open visit and leaves it on an abstention', () => {
    const expression = (sequence: number, outcome: Extract<LivePayload, { kind: 'expression' }>['outcome']) =>
      ({
        kind: 'event',
        event: liveEvent(
          { kind: 'expression', sightingId: 'sgt_1', cameraId: 'till', who: customer(1), outcome },
          sequence,
        ),
      }) satisfies LiveAction;
    const state = after([
      ...events(visitStarted(1, customer(1))),
      expression(2, { kind: 'scored', satisfaction: 0.9, class: 'satisfied', confidence: 0.8 }),
      expression(3, { kind: 'abstained', reason: 'blurred' }),
    ]);
    expect(state.visits[visitId(1)]?.mood).toBe('satisfied');
  });

  it('holds an erased customer’s name nowhere', () => {
    const anna = customer(1, 'Anna Berg');
    const state = after([
      { kind: 'customers', views: [customerView(1, { displayName: 'Anna Berg' })] },
      ...events(visitStarted(1, anna), visitEnded(2, anna), {
        kind: 'customer',
        customerId: customerId(1),
        change: 'erased',
      }),
    ]);
    expect(JSON.stringify(state)).not.toContain('Anna');
    expect(presenceOf(state.visits)).toEqual({ regulars: [], guests: 1 });
  });
});
