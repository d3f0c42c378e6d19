import type { CameraStatus, Instant } from '@regulars/contracts';

/** What a camera told of itself at one instant. */
export type CameraChange = Pick<CameraStatus, 'cameraId' | 'storeId' | 'state' | 'since' | 'fault'>;

/** A time without pictures of a camera: counts of it are missing, not zero. */
export interface Outage {
  readonly cameraId: string;
  readonly from: Instant;
  /** Null: it lasts. */
  readonly to: Instant | null;
  /** The first known reason. */
  readonly fault: CameraStatus['fault'];
}

const ORDER: readonly CameraStatus['state'][] = ['gone', 'stalled', 'connecting', 'live'];

/** Outages of one camera from its changes, in whatever order and however often they arrived. A camera is out
 *  from any state other than live until it is live; what was before its first change is not known and left out, and
 *  a camera that connects for the first time is not out: nobody was counted by it yet. */
export function outagesOf(changes: readonly CameraChange[]): Outage[] {
  const sorted = [...changes].sort((a, b) => {
    if (a.since !== b.since) return a.since < b.since ? -1 : 1;
    return ORDER.indexOf(a.state) - ORDER.indexOf(b.state);
  });
  const outages: { cameraId: string; from: Instant; to: Instant | null; fault: CameraStatus['fault'] }[] = [];
  let isNew = true;
  for (const { cameraId, state, since, fault } of sorted) {
    if (isNew && state === 'connecting') continue;
    isNew = false;
    const current = outages.at(-1);
    const isOut = current !== undefined && current.to === null;
    if (state === 'live') {
      if (isOut) current.to = since;
    } else if (isOut) {
      current.fault ??= fault;
    } else {
      outages.push({ cameraId, from: since, to: null, fault });
    }
  }
  return outages.filter(({ from, to }) => from !== to);
}
