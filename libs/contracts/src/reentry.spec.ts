import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraStatus } from './events/camera-status.js';
import {
  blindTimes,
  continuesVisit,
  joinTimes,
  LONGEST_BLIND_MS,
  longestReentryMs,
  sharedMs,
} from './reentry.js';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, minute * 60)).toISOString();
const ms = (minute: number) => Date.parse(at(minute));
const blind = (from: number, to: number) => ({ fromMs: ms(from), toMs: ms(to) });

const change = (
  minute: number,
  state: CameraStatus['state'],
  cameraId = 'door',
  fault: CameraStatus['fault'] = null,
) => ({ cameraId, state, since: at(minute), fault });

describe('blindTimes', () => {
  it('last from a state without pictures until the camera is live, whatever it says in between', () => {
    const changes = [
      change(0, 'connecting'),
      change(1, 'live'),
      change(10, 'stalled'),
      change(12, 'gone'),
      change(19, 'connecting'),
      change(20, 'live'),
    ];
    expect(blindTimes(changes)).toEqual([blind(10, 20)]);
  });

  it('are those of one camera or another, and of none that was taken down on purpose', () => {
    const changes = [
      change(10, 'gone'),
      change(20, 'live'),
      change(15, 'gone', 'till'),
      change(30, 'live', 'till'),
      change(40, 'gone', 'old', 'removed'),
    ];
    expect(blindTimes(changes)).toEqual([blind(10, 30)]);
  });

  it('end after a day, however long the camera is away', () => {
    const [time] = blindTimes([change(0, 'gone')]);
    expect(time).toEqual({ fromMs: ms(0), toMs: ms(0) + LONGEST_BLIND_MS });
  });

  const changes = fc.array(
    fc
      .record({
        minute: fc.integer({ min: 0, max: 4_000 }),
        state: fc.constantFrom('connecting', 'live', 'stalled', 'gone'),
        camera: fc.constantFrom('door', 'till'),
        fault: fc.constantFrom(null, null, 'removed', 'shutdown'),
      } as const)
      .map(({ minute, state, camera, fault }) =>
        change(minute, state, camera, state === 'gone' ? fault : null),
      ),
    { maxLength: 12 },
  );

  it('are the same in any order and with any repetition', () => {
    fc.assert(
      fc.property(
        changes.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }),
          ),
        ),
        ([list, played]) => {
          expect(blindTimes(played)).toEqual(blindTimes(list));
        },
      ),
    );
  });

  it('of a stretch follow from the changes in it and in the day before', () => {
    fc.assert(
      fc.property(changes, fc.nat(4_000), fc.nat(600), (list, from, length) => {
        const [first, last] = [ms(from), ms(from + length)];
        const known = list.filter(({ since }) => {
          return Date.parse(since) >= first - LONGEST_BLIND_MS && Date.parse(since) <= last;
        });
        const stretch = { fromMs: first, toMs: last };
        expect(sharedMs(stretch, blindTimes(known))).toBe(sharedMs(stretch, blindTimes(list)));
      }),
    );
  });
});

describe('continuesVisit', () => {
  const WINDOW_MS = 600_000;
  const continues = (gap: number, ...times: ReturnType<typeof blind>[]) =>
    continuesVisit(at(0), at(gap), WINDOW_MS, joinTimes(times));

  it('does not count time without pictures towards the window', () => {
    expect([continues(10), continues(10.1)]).toEqual([true, false]);
    expect([continues(11, blind(5, 6)), continues(11.1, blind(5, 6))]).toEqual([true, false]);
    // Only what lies between the two counts, and two cameras that are away at once count once.
    expect([continues(11, blind(-5, 0.5)), continues(11, blind(10, 30))]).toEqual([false, true]);
    expect([continues(11.5, blind(2, 3), blind(2, 3)), continues(12, blind(2, 3), blind(8, 9))]).toEqual([
      false,
      true,
    ]);
  });

  it('adds two fifths of the window at the most, so that a visit ends while a camera is away for hours', () => {
    expect(longestReentryMs(WINDOW_MS)).toBe(840_000);
    expect([continues(14, blind(-60, 600)), continues(14.1, blind(-60, 600))]).toEqual([true, false]);
  });

  const times = fc
    .array(fc.tuple(fc.integer({ min: -30, max: 60 }), fc.integer({ min: 1, max: 20 })), { maxLength: 5 })
    .map((list) => joinTimes(list.map(([from, length]) => blind(from, from + length))));

  it('is over for good once it is over, and more blindness never ends it sooner', () => {
    fc.assert(
      fc.property(times, times, fc.nat(1_200), fc.nat(1_200), (some, more, a, b) => {
        const [first, last] = [Math.min(a, b) / 60, Math.max(a, b) / 60];
        const is = (minute: number, away = some) => continuesVisit(at(0), at(minute), WINDOW_MS, away);
        if (is(last)) expect(is(first)).toBe(true);
        if (is(last)) expect(is(last, joinTimes([...some, ...more]))).toBe(true);
        if (last <= 10) expect(is(last)).toBe(true);
        if (last > 14) expect(is(last)).toBe(false);
      }),
    );
  });
});
