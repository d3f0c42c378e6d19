import type { CameraStatus } from './events/camera-status.js';
import type { Instant } from './primitives.js';

/** Time in which a camera of a store sent no pictures, milliseconds since 1970. */
export interface BlindTime {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A camera that is away for longer is how the shop is now: nothing is put down to it any more. So what was told in a
 *  day before an instant says whether somebody could be missed at it. */
export const LONGEST_BLIND_MS = 86_400_000;
/** Share of the re-entry window that time without pictures adds to it at most: who was before no working camera for
 *  longer had left, camera or no camera (docs/adr/0019). */
const MOST_ADDED = 0.4;

type CameraChange = Pick<CameraStatus, 'cameraId' | 'state' | 'since' | 'fault'>;

/** At one instant the last of these stands. */
const ORDER: readonly CameraStatus['state'][] = ['gone', 'stalled', 'live'];

/** When one camera or another of a store was away, by what cameras told, in whatever order and however often it came.
 *  One that connects is as it was before; one that was taken down on purpose is not missed.
 *  @returns in order of time, apart from one another */
export function blindTimes(changes: readonly CameraChange[]): readonly BlindTime[] {
  const told = changes
    .filter(({ state }) => state !== 'connecting')
    .sort((a, b) => {
      if (a.cameraId !== b.cameraId) return a.cameraId < b.cameraId ? -1 : 1;
      if (a.since !== b.since) return a.since < b.since ? -1 : 1;
      return ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || ((a.fault ?? '') < (b.fault ?? '') ? -1 : 1);
    });
  const away = told.flatMap(({ cameraId, state, since, fault }, index) => {
    if (state === 'live' || fault === 'removed') return [];
    const next = told[index + 1];
    const fromMs = Date.parse(since);
    const untilMs = next?.cameraId === cameraId ? Date.parse(next.since) : Infinity;
    return [{ fromMs, toMs: Math.min(untilMs, fromMs + LONGEST_BLIND_MS) }];
  });
  return joinTimes(away);
}

/** Times that touch made one. @returns in order of time, apart from one another */
export function joinTimes(times: readonly BlindTime[]): readonly BlindTime[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...times].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else if (fromMs < toMs) joined.push({ fromMs, toMs });
  }
  return joined;
}

/** How much of a time lies in others, milliseconds. @param times apart from one another */
export function sharedMs(time: BlindTime, times: readonly BlindTime[]): number {
  return times.reduce((sum, { fromMs, toMs }) => {
    return sum + Math.max(0, Math.min(time.toMs, toMs) - Math.max(time.fromMs, fromMs));
  }, 0);
}

/** The longest that somebody is away and still continues a visit, whatever was blind, milliseconds. */
export function longestReentryMs(reentryMs: number): number {
  return reentryMs + Math.floor(MOST_ADDED * reentryMs);
}

/** Whether somebody who is seen again continues the visit: the time in which a camera was away does not count
 *  towards the re-entry window, up to two fifths of it. Once it is no longer so it never is again.
 *  @param reentryMs the window
 *  @param blind when a camera of the store was away */
export function continuesVisit(
  lastSeenAt: Instant,
  seenAgainAt: Instant,
  reentryMs: number,
  blind: readonly BlindTime[],
): boolean {
  const away = { fromMs: Date.parse(lastSeenAt), toMs: Date.parse(seenAgainAt) };
  const added = Math.min(sharedMs(away, blind), longestReentryMs(reentryMs) - reentryMs);
  return away.toMs - away.fromMs - added <= reentryMs;
}
