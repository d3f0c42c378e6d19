import type { CameraHealth } from '../live/live-state.js';
import type { StreamEntry } from '../live/stream.js';

/** A time in which a camera sent no picture, so that nobody was counted there. */
export interface Outage {
  readonly cameraId: string;
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
}

/** The outages known to the page, newest first: those of the event stream, and those that last.
 *  @param cameras the cameras there are, by id: an outage of one that was removed is none
 *  @param stream newest first */
export function outagesOf(
  cameras: Readonly<Record<string, CameraHealth>>,
  stream: readonly StreamEntry[],
): readonly Outage[] {
  const began = new Map<string, string>();
  const over: Outage[] = [];
  for (const { payload } of stream.toReversed()) {
    if (payload.kind !== 'camera') continue;
    const from = began.get(payload.cameraId);
    if (isAway(payload) && from === undefined) began.set(payload.cameraId, payload.since);
    if (payload.state === 'live' && from !== undefined) {
      began.delete(payload.cameraId);
      over.push({ cameraId: payload.cameraId, from, to: payload.since });
    }
  }
  const lasting = Object.entries(cameras)
    .filter(([cameraId, health]) => isAway(health) || (began.has(cameraId) && health.state !== 'live'))
    .map(([cameraId, health]) => ({ cameraId, from: began.get(cameraId) ?? health.since, to: null }));
  return [...lasting, ...over]
    .filter(({ cameraId }) => cameraId in cameras)
    .sort((a, b) => b.from.localeCompare(a.from));
}

/** Outages that the server knows of, with those that the page heard of since; newest first.
 *  @param cameras the cameras there are, by id */
export function allOutages(
  known: readonly Outage[],
  heard: readonly Outage[],
  cameras: Readonly<Record<string, CameraHealth>>,
): readonly Outage[] {
  const all = new Map(known.map((outage) => [`${outage.cameraId} ${outage.from}`, outage]));
  for (const outage of heard) {
    const isKnown = known.some(({ cameraId, from, to }) => {
      return cameraId === outage.cameraId && from <= outage.from && (to === null || outage.from < to);
    });
    if (!isKnown) all.set(`${outage.cameraId} ${outage.from}`, outage);
  }
  return [...all.values()]
    .filter(({ cameraId }) => cameraId in cameras)
    .sort((a, b) => b.from.localeCompare(a.from));
}

/** Whether a camera sees nothing though it should. */
function isAway({ state }: Pick<CameraHealth, 'state'>): boolean {
  return state === 'stalled' || state === 'gone';
}
