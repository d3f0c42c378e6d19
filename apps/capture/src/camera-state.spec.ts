import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connecting, faultOfOutput, type Happening, nextCondition, restartDelayMs } from './camera-state.js';

const T0 = '2026-03-01T09:00:00.000Z';
const T1 = '2026-03-01T09:00:01.000Z';
const picture: Happening = { kind: 'picture', widthPx: 640, heightPx: 480 };
const refused: Happening = { kind: 'ended', fault: 'CAMERA_UNREACHABLE' };

function after(...happenings: Happening[]) {
  return happenings.reduce((now, happening) => nextCondition(now, happening, T1), connecting(T0));
}

describe('nextCondition', () => {
  it('is live from the first picture on, with its size', () => {
    expect(after(picture)).toEqual({ state: 'live', since: T1, fault: null, widthPx: 640, heightPx: 480 });
  });

  it.each<[string, Happening[], string, string | null]>([
    ['that was never seen is gone', [refused], 'gone', 'CAMERA_UNREACHABLE'],
    ['that falls silent is stalled', [picture, { kind: 'silence' }], 'stalled', 'CAMERA_STALLED'],
    ['whose decoder ends is stalled', [picture, refused], 'stalled', 'CAMERA_UNREACHABLE'],
    [
      'that does not come back is gone',
      [picture, { kind: 'silence' }, refused, refused],
      'gone',
      'CAMERA_UNREACHABLE',
    ],
    ['that comes back is live', [picture, refused, refused, picture], 'live', null],
    ['that never began is not stalled', [{ kind: 'silence' }], 'connecting', null],
    ['that is removed is gone', [picture, { kind: 'closed', fault: 'removed' }], 'gone', 'removed'],
  ])('a camera %s', (_, happenings, state, fault) => {
    expect(after(...happenings)).toMatchObject({ state, fault });
  });

  it('returns the same condition when nothing changed, and only then', () => {
    const happening = fc.constantFrom<Happening>(picture, { kind: 'silence' }, refused, {
      kind: 'ended',
      fault: 'CAMERA_UNAUTHORISED',
    });
    fc.assert(
      fc.property(fc.array(happening), happening, (past, next) => {
        const before = after(...past);
        const now = nextCondition(before, next, '2026-03-01T10:00:00.000Z');
        const same = now.state === before.state && now.fault === before.fault;
        expect(now === before).toBe(same);
        if (!same) expect(now.since).toBe('2026-03-01T10:00:00.000Z');
      }),
    );
  });
});

describe('restartDelayMs', () => {
  it('doubles from 1 s to 60 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((failures) => restartDelayMs(failures, 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('stays within 1 s to 60 s and within a fifth of the full delay', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, random) => {
          const delay = restartDelayMs(n, random);
          expect(delay).toBeGreaterThanOrEqual(Math.max(1_000, restartDelayMs(n, 0) * 0.8));
          expect(delay).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});

describe('faultOfOutput', () => {
  it.each([
    ['method DESCRIBE failed: 401 Unauthorized', true, 'CAMERA_UNAUTHORISED'],
    ['Server returned 403 Forbidden (access denied)', true, 'CAMERA_UNAUTHORISED'],
    ['Connection to tcp://10.0.0.9:554 failed: Connection refused', true, 'CAMERA_UNREACHABLE'],
    ['rtsp://[redacted]@10.0.0.9/: Connection timed out', true, 'CAMERA_UNREACHABLE'],
    ['Failed to resolve hostname door.local: Name or service not known', true, 'CAMERA_UNREACHABLE'],
    ['/dev/video0: No such file or directory', false, 'CAMERA_UNREACHABLE'],
    ['/dev/video0: Device or resource busy', false, 'CAMERA_UNREACHABLE'],
    ['method DESCRIBE failed: 404 Not Found', true, 'CAMERA_UNREADABLE'],
    ['door.mp4: Invalid data found when processing input', false, 'CAMERA_UNREADABLE'],
    ["Stream map '0:v:0' matches no streams.", false, 'CAMERA_UNREADABLE'],
    ['', true, 'CAMERA_UNREACHABLE'],
    ['', false, 'CAMERA_UNREADABLE'],
  ])('%s', (stderr, isNetwork, fault) => {
    expect(faultOfOutput(stderr, isNetwork)).toBe(fault);
  });
});
