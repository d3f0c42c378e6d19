import type { LivePayload } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { forecast, sale, saleId, valueTold, worth } from '../testing/a-worth.js';
import { customer, customerId, liveEvent } from '../testing/a.js';
import { INITIAL_LIVE_STATE, type LiveAction, liveReducer, type LiveState } from './live-state.js';
import { sentenceOf } from './sentences.js';
import { linesToShow } from './stream.js';

const labels = { camera: (id: string) => id, customer: (_id: string, told: string) => told };

function after(actions: readonly LiveAction[], state: LiveState = INITIAL_LIVE_STATE): LiveState {
  return actions.reduce(liveReducer, state);
}

function events(...payloads: readonly LivePayload[]): LiveAction[] {
  return payloads.map((payload, index) => ({ kind: 'event', event: liveEvent(payload, index + 1) }));
}

function lines(state: LiveState, withDetails = false): string[] {
  return linesToShow(state.stream, withDetails).map(
    (entry) => sentenceOf(entry.payload, labels, entry.isJoined).text,
  );
}

describe('sales and worth in the live state', () => {
  it('keeps what the newest event says of a customer', () => {
    const newer = worth({ frequency: 8 });
    const state = after(events(valueTold(1), valueTold(1, { value: newer }), valueTold(2)));
    expect(state.worths[customerId(1)]?.value).toEqual(newer);
    expect(state.worths[customerId(2)]?.value).toEqual(worth());
  });

  it('is not overruled by an answer that was asked for before the event', () => {
    const old = { value: worth({ frequency: 1 }), forecast: null };
    const asked: LiveAction = { kind: 'worth', customerId: customerId(1), worth: old, asOf: 0 };
    const state = after([...events(valueTold(1)), asked]);
    expect(state.worths[customerId(1)]?.value).toEqual(worth());
    expect(after([asked]).worths[customerId(1)]?.value).toEqual(old.value);
    expect(after([{ ...asked, asOf: state.tick }], state).worths[customerId(1)]?.value).toEqual(old.value);
  });

  it('moves a known customer to the segment that is told', () => {
    const moved: LivePayload = {
      kind: 'segment',
      customerId: customerId(1),
      who: customer(1),
      from: 'loyal',
      to: 'champions',
    };
    expect(after(events(valueTold(1), moved)).worths[customerId(1)]?.value?.segment).toBe('champions');
    expect(after(events(moved)).worths).toEqual({});
  });

  it('names the customer of a sale once a camera told whose it is', () => {
    const joined = valueTold(1, { saleId: saleId(1), isJoined: true, who: customer(1, 'Anna') });
    expect(lines(after(events(sale(1), sale(2))))).toEqual([
      'Somebody bought for €19.90',
      'Somebody bought for €19.90',
    ]);
    expect(lines(after(events(sale(1), sale(2), joined)))).toEqual([
      'Somebody bought for €19.90',
      'Anna probably bought for €19.90',
    ]);
  });

  it('leaves a sale as it is whose customer the till named', () => {
    const joined = valueTold(2, { saleId: saleId(1), isJoined: true, who: customer(2, 'Tom') });
    expect(lines(after(events(sale(1, customer(1, 'Anna')), joined)))).toEqual(['Anna bought for €19.90']);
  });

  it('tells what a customer is worth among the details', () => {
    const state = after(events(valueTold(1, { who: customer(1, 'Anna') })));
    expect(lines(state)).toEqual([]);
    expect(lines(state, true)).toEqual([
      'Anna: 7 purchases, €482.50, last 12 days ago, a loyal customer; €42 expected in 3 months, back with 66%',
    ]);
  });

  it('holds nothing of what an erased customer was worth', () => {
    const erased: LivePayload = { kind: 'customer', customerId: customerId(1), change: 'erased' };
    const told = valueTold(1, { who: customer(1, 'Anna'), forecast: forecast() });
    const state = after(events(sale(1, customer(1, 'Anna')), told, erased));
    expect(state.worths).toEqual({});
    expect(JSON.stringify(state)).not.toContain('Anna');
    expect(lines(state, true)).toEqual(['A regular’s data were erased', 'A guest bought for €19.90']);
  });

  it('asks for sums anew after every sale, and for each worth after new forecasts', () => {
    const made: LivePayload = { kind: 'forecasts', model: 'lstm', note: null, customers: 3, atRisk: 1 };
    expect(after(events(sale(1))).stale).toMatchObject({ totals: 1, worths: 0 });
    expect(after(events(sale(1), made)).stale).toMatchObject({ totals: 2, worths: 1 });
  });
});
