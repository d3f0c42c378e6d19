import { type CameraFault, CameraState, type LivePayload } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { customer, customerId, NOON, NOT_JUDGED, sightingId, STRANGER, visitId } from '../testing/a.js';
import { type Labels, sentenceOf } from './sentences.js';

const labels: Labels = {
  camera: (id) => ({ entrance: 'Entrance', till: 'Till' })[id] ?? id,
  customer: (id, told) => (id === customerId(2) ? 'Tom, renamed' : told),
};
const anna = customer(1, 'Anna');
const seen = { sightingId: sightingId(1), cameraId: 'till' };

function text(payload: LivePayload): string {
  const { text: words, where } = sentenceOf(payload, labels);
  return where === null ? words : `${words} - ${where}`;
}

describe('an event in words', () => {
  it.each<[string, LivePayload]>([
    [
      'Anna came in - Entrance',
      { kind: 'visit-started', visitId: visitId(1), who: anna, startedAt: NOON, cameraId: 'entrance' },
    ],
    [
      'A guest came in - Entrance',
      { kind: 'visit-started', visitId: visitId(1), who: STRANGER, startedAt: NOON, cameraId: 'entrance' },
    ],
    [
      'Anna left after 14 min, satisfied',
      {
        kind: 'visit-ended',
        visitId: visitId(1),
        who: anna,
        startedAt: NOON,
        endedAt: '2026-03-01T12:14:30.000Z',
        satisfaction: { score: 0.8, class: 'satisfied', spread: 0.1, scoredCrops: 4, abstentions: 0 },
      },
    ],
    [
      'A guest left after under a minute',
      {
        kind: 'visit-ended',
        visitId: visitId(1),
        who: STRANGER,
        startedAt: NOON,
        endedAt: NOON,
        satisfaction: NOT_JUDGED,
      },
    ],
    ['Somebody stepped into view - Till', { kind: 'sighting-started', ...seen, who: { kind: 'undecided' } }],
    [
      'Tom, renamed was recognised - Till',
      {
        kind: 'sighting-identified',
        ...seen,
        who: customer(2, 'Tom'),
        identity: {
          kind: 'identified',
          customerId: customerId(2),
          distance: 0.3,
          margin: null,
          votes: 3,
          model: 'm',
        },
      },
    ],
    [
      'A guest: nobody we know - Till',
      {
        kind: 'sighting-identified',
        ...seen,
        who: STRANGER,
        identity: { kind: 'stranger', votes: 2, model: 'm' },
      },
    ],
    [
      'Anna: expression not judged (too far away) - Till',
      { kind: 'expression', ...seen, who: anna, outcome: { kind: 'abstained', reason: 'too-small' } },
    ],
    [
      'Two visits turned out to be one person',
      { kind: 'visit-merged', visitId: visitId(1), absorbedVisitId: visitId(2) },
    ],
    [
      'Anna bought for €19.90 - till-1',
      {
        kind: 'sale',
        saleId: 'sal_1',
        tillId: 'till-1',
        who: anna,
        amountMinor: 1990,
        currency: 'EUR',
        items: 2,
      },
    ],
    [
      'Anna got JP¥500 back',
      {
        kind: 'refund',
        refundId: 'ref_1',
        saleId: null,
        tillId: null,
        who: anna,
        amountMinor: 500,
        currency: 'JPY',
        isVoid: false,
      },
    ],
    [
      'Anna is now at risk of leaving',
      { kind: 'segment', customerId: customerId(1), who: anna, from: 'loyal', to: 'at-risk' },
    ],
    [
      'Forecasts were made for 1,204 customers; 311 will probably stay away',
      { kind: 'forecasts', model: 'bg-nbd', note: null, customers: 1204, atRisk: 311 },
    ],
    ['A regular’s data were erased', { kind: 'customer', customerId: customerId(9), change: 'erased' }],
    ['Camera added: door', { kind: 'cameras', cameraId: 'door', change: 'added' }],
  ])('reads “%s”', (words, payload) => {
    expect(text(payload)).toBe(words);
  });

  it('tells trouble with a camera from calm news of it', () => {
    const fault: CameraFault = 'CAMERA_STALLED';
    const tones = CameraState.options.map(
      (state) => sentenceOf({ kind: 'camera', cameraId: 'till', state, fault, since: NOON }, labels).tone,
    );
    expect(Object.fromEntries(CameraState.options.map((state, index) => [state, tones[index]]))).toEqual({
      connecting: 'calm',
      live: 'calm',
      stalled: 'trouble',
      gone: 'trouble',
    });
  });
});
