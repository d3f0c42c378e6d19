import type { Instant } from '@regulars/contracts';

const SIGHTINGS_REMEMBERED = 4_096;

/** Lets through at most one crop of a sighting for each second of its time, whatever order crops come in. */
export class Pace {
  /** Last second let through, by sighting, the longest untouched first. */
  private readonly seconds = new Map<string, number>();

  /** @returns whether the crop is the first of its second and not older than the last one let through */
  admits(sightingId: string, capturedAt: Instant): boolean {
    const second = Math.floor(Date.parse(capturedAt) / 1_000);
    const last = this.seconds.get(sightingId);
    if (last !== undefined && second <= last) return false;
    this.seconds.delete(sightingId);
    this.seconds.set(sightingId, second);
    const [oldest] = this.seconds.keys();
    if (this.seconds.size > SIGHTINGS_REMEMBERED && oldest !== undefined) this.seconds.delete(oldest);
    return true;
  }
}
