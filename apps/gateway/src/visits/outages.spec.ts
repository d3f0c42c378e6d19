import type { CameraStatus } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outagesOf, type CameraChange } from './outages.js';
const at = (time: string) => `2026-03-01T${time}:00.000Z`;

const change = (
  time: string,
  state: CameraStatus['state'],
  fault: CameraStatus['fault'] = null,
): CameraChange => ({ cameraId: 'entrance', storeId: 'main', state, since: at(time), fault });

const DAY = [
  change('08:00', 'connecting'),
  change('08:01', 'live'),
  change('10:00', 'stalled', 'CAMERA_STALLED'),
  change('10:02', 'gone', 'CAMERA_UNREACHABLE'),
  change('10:10', 'connecting'),
  change('10:11', 'live'),
  change('18:00', 'gone', 'shutdown'),
];

describe('outagesOf', () => {
  it('lasts from the first state without pictures until the camera is live, with the first reason', () => {
    expect(outagesOf(DAY)).toEqual([
      { cameraId: 'entrance', from: at('10:00'), to: at('10:11'), fault: 'CAMERA_STALLED' },
      { cameraId: 'entrance', from: at('18:00'), to: null, fault: 'shutdown' },
    ]);
  });

  it('begins with the failure, not with the first attempt, of a camera that was never live', () => {
    expect(outagesOf([change('08:00', 'connecting'), change('08:01', 'gone', 'CAMERA_UNREACHABLE')])).toEqual(
      [{ cameraId: 'entrance', from: at('08:01'), to: null, fault: 'CAMERA_UNREACHABLE' }],
    );
  });

  it('is the same in any order and with any repetition', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DAY)), (again) => {
        expect(outagesOf([...again, ...[...DAY].reverse()])).toEqual(outagesOf(DAY));
      }),
    );
  });

  it('has none for a camera that was always live', () => {
    expect(outagesOf([change('08:00', 'live'), change('09:00', 'live')])).toEqual([]);
  });
});
