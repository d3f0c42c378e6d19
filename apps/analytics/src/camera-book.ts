import {
  blindTimes,
  LONGEST_BLIND_MS,
  longestReentryMs,
  type BlindTime,
  type CameraStatus,
  type Instant,
} from '@regulars/contracts';
import type { CameraChangesRepository } from '@regulars/persistence';
import type { Books } from './announcer.js';
import { visitorOfKey } from './documents.js';
import { earlier, later, plusMs } from './instants.js';
import type { Settlement } from './settlement.js';

/** When a camera of a store was away in a time, from what cameras told so far. @param to belongs to it */
export async function blindIn(
  changes: CameraChangesRepository,
  storeId: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly BlindTime[]> {
  const told = await changes.within(storeId, { from: plusMs(from, -LONGEST_BLIND_MS), to: plusMs(to, 1) });
  return blindTimes(told);
}

interface Seen {
  readonly from: Instant;
  readonly to: Instant;
  readonly sightings: number;
}

/** Takes in what cameras tell of themselves. Whether somebody continues a visit depends on when cameras were away, so
 *  whoever was seen around a change is settled again: a change that comes late makes of visits what they would be had
 *  it come in time. May be repeated, and goes on where a process died. */
export class CameraBook {
  constructor(
    private readonly books: Books,
    private readonly settlement: Settlement,
    private readonly reentryMs: number,
  ) {}

  async take({ cameraId, storeId, state, since, fault }: CameraStatus): Promise<void> {
    // Before the sightings are read: who saved one earlier is found here, who saves one later finds the change.
    await this.books.cameraChanges.enter({ cameraId, storeId, state, since, fault });
    if (state === 'connecting') return;
    const from = plusMs(since, -longestReentryMs(this.reentryMs));
    const time = { from, to: await this.until(cameraId, storeId, since) };
    for (const [key, seen] of await this.seenIn(storeId, time)) {
      const visitor = visitorOfKey(key);
      // Nobody can come again as a stranger of a single sighting.
      if (visitor.kind === 'stranger' && seen.sightings === 1) continue;
      await this.settlement.settle({ storeId, visitor, from: seen.from, to: seen.to, happenedAt: since });
    }
  }

  /** When the camera's next change was, which says more of the time after it; a day at the longest. */
  private async until(cameraId: string, storeId: string, since: Instant): Promise<Instant> {
    const time = { from: since, to: plusMs(since, LONGEST_BLIND_MS) };
    const following = (await this.books.cameraChanges.within(storeId, time)).filter(
      (change) => change.cameraId === cameraId && change.since > since && change.state !== 'connecting',
    );
    return following.map((change) => change.since).reduce(earlier, time.to);
  }

  private async seenIn(
    storeId: string,
    time: { readonly from: Instant; readonly to: Instant },
  ): Promise<ReadonlyMap<string, Seen>> {
    const seen = new Map<string, Seen>();
    for await (const { visitorKey, sighting } of this.books.sightings.lastSeenIn(storeId, time)) {
      if (visitorKey === null) continue;
      const { startedAt: from, lastSeenAt: to } = sighting;
      const known = seen.get(visitorKey) ?? { from, to, sightings: 0 };
      seen.set(visitorKey, {
        from: earlier(known.from, from),
        to: later(known.to, to),
        sightings: known.sightings + 1,
      });
    }
    return seen;
  }
}
