import type { CameraState } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import type { StreamEntry } from '../live/stream.js';
import { allOutages, outagesOf } from './outages.js';

const at = (minute: number) => `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`;

/** A camera's states as the stream has them, newest first. */
function streamOf(...states: readonly [CameraState, number][]): StreamEntry[] {
  return states
    .map(([state, minute]) => ({
      id: String(minute),
      at: at(minute),
      payload: { kind: 'camera', cameraId: 'till', state, fault: null, since: at(minute) } as const,
    }))
    .reverse();
}

describe('outages', () => {
  it('last from the first missing picture to the next live one, over failed attempts', () => {
    const stream = streamOf(['live', 1], ['stalled', 5], ['connecting', 6], ['gone', 7], ['live', 9]);
    expect(outagesOf({ till: { state: 'live', fault: null, since: at(9) } }, stream)).toEqual([
      { cameraId: 'till', from: at(5), to: at(9) },
    ]);
  });

  it('are open while a camera is away, also when the page did not see it begin', () => {
    expect(outagesOf({ till: { state: 'gone', fault: 'CAMERA_UNREACHABLE', since: at(2) } }, [])).toEqual([
      { cameraId: 'till', from: at(2), to: null },
    ]);
  });

  it('are none while a camera connects for the first time or after it was removed', () => {
    expect(outagesOf({ till: { state: 'connecting', fault: null, since: at(2) } }, [])).toEqual([]);
    expect(outagesOf({}, streamOf(['gone', 1], ['live', 2]))).toEqual([]);
  });

  it('are open from their beginning while a lost camera is being connected anew', () => {
    const stream = streamOf(['stalled', 5], ['connecting', 6]);
    expect(outagesOf({ till: { state: 'connecting', fault: null, since: at(6) } }, stream)).toEqual([
      { cameraId: 'till', from: at(5), to: null },
    ]);
  });
});

describe('outages of the server and of the page', () => {
  const cameras = {
    till: { state: 'live', fault: null, since: at(1) },
    door: { state: 'live', fault: null, since: at(1) },
  } as const;

  it('are one list without doubles, the newest first, of cameras that there are', () => {
    const known = [{ cameraId: 'till', from: at(5), to: at(9) }];
    const heard = [
      { cameraId: 'till', from: at(6), to: at(9) },
      { cameraId: 'door', from: at(7), to: null },
      { cameraId: 'gone', from: at(8), to: null },
    ];
    expect(allOutages(known, heard, cameras)).toEqual([
      { cameraId: 'door', from: at(7), to: null },
      { cameraId: 'till', from: at(5), to: at(9) },
    ]);
  });
});
