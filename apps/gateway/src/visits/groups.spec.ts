import { idFrom } from '@regulars/contracts/ids';
import type { VisitRecord } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { togetherWith } from './groups.js';

const visit = (name: string, time: string, change: Partial<VisitRecord> = {}): VisitRecord => ({
  visitId: idFrom('vis', name),
  storeId: 'main',
  visitor: { kind: 'stranger', sightingId: idFrom('sgt', name) },
  startedAt: `2026-03-01T${time}Z`,
  lastSeenAt: '2026-03-01T10:00:00.000Z',
  endedAt: null,
  firstSightingId: idFrom('sgt', name),
  firstCameraId: 'door',
  cameraIds: ['door'],
  sightings: 1,
  satisfaction: { score: null, class: null, spread: null, scoredCrops: 0, abstentions: 0 },
  days: [],
  merged: null,
  generation: 0,
  ...change,
});

describe('people who come together', () => {
  const ann = visit('ann', '09:00:00.000');
  const names = (...others: VisitRecord[]) => togetherWith(ann, [ann, ...others]);

  it('are those who come through the same door within five seconds', () => {
    const bob = visit('bob', '09:00:05.000');
    expect(names(bob, visit('cy', '09:00:05.001'), visit('dan', '08:59:54.999'))).toEqual([bob.visitId]);
    expect(togetherWith(bob, [ann, bob])).toEqual([ann.visitId]);
  });

  it('are not those of another door or store, nor a visit that was merged away', () => {
    expect(
      names(
        visit('e', '09:00:01.000', { firstCameraId: 'back-door' }),
        visit('f', '09:00:01.000', { storeId: 'branch' }),
        visit('g', '09:00:01.000', { merged: { into: ann.visitId, at: ann.startedAt } }),
      ),
    ).toEqual([]);
  });
});
