import type { FacesTracked, FrameCaptured } from '@regulars/contracts';

/** Frames and boxes of one camera that wait for each other; older ones are given up. */
const KEPT = 8;
/** A frame whose boxes have not come by then is shown without, milliseconds. */
export const BOXES_WAIT_MS = 400;
/** Boxes came this recently: recognition is at work and left the frame out, so the picture is left out as well
 *  instead of making the boxes flicker, milliseconds. */
const BOXES_RECENT_MS = 1_000;
/** Pictures of one camera that go out, per second, and how many may follow each other at once (frames do not
 *  come evenly). */
const PICTURES_PER_S = 5;
const PICTURES_AT_ONCE = 2;

export interface Picture {
  readonly frame: FrameCaptured;
  readonly jpeg: Uint8Array;
  readonly faces: FacesTracked['faces'];
}

interface Waiting {
  readonly frame: FrameCaptured;
  readonly jpeg: Uint8Array;
  readonly arrivedAtMs: number;
  /** Number of the arrival: a camera's frames arrive in order, while its clock may be set back. */
  readonly arrival: number;
}

/** Joins the frames of one watched camera with the boxes found in them, by frame id. Pictures never go back in
 *  time, and there are at most five a second. */
export class PictureJoin {
  private readonly frames = new Map<string, Waiting>();
  private readonly boxes = new Map<string, FacesTracked['faces']>();
  private boxesAtMs = -Infinity;
  private arrivals = 0;
  private shown = 0;
  private allowance = PICTURES_AT_ONCE;
  private allowanceAtMs = -Infinity;

  /** @returns the pictures that are due with it, mostly none */
  onFrame(frame: FrameCaptured, jpeg: Uint8Array, nowMs: number): readonly Picture[] {
    this.arrivals += 1;
    const waiting = { frame, jpeg, arrivedAtMs: nowMs, arrival: this.arrivals };
    const faces = this.boxes.get(frame.frameId);
    if (faces !== undefined) return this.show(waiting, faces, nowMs);
    this.frames.set(frame.frameId, waiting);
    if (this.frames.size <= KEPT) return [];
    const [oldest] = this.frames.values();
    return oldest === undefined ? [] : this.giveUp(oldest, nowMs);
  }

  /** @returns the picture of that frame, if it is here and one may go out */
  onFaces(tracked: FacesTracked, nowMs: number): readonly Picture[] {
    this.boxesAtMs = nowMs;
    const waiting = this.frames.get(tracked.frameId);
    if (waiting !== undefined) return this.show(waiting, tracked.faces, nowMs);
    this.boxes.set(tracked.frameId, tracked.faces);
    const [oldest] = this.boxes.keys();
    if (this.boxes.size > KEPT && oldest !== undefined) this.boxes.delete(oldest);
    return [];
  }

  /** @returns pictures whose boxes have not come in time */
  onTick(nowMs: number): readonly Picture[] {
    const late = [...this.frames.values()].filter(({ arrivedAtMs }) => nowMs - arrivedAtMs >= BOXES_WAIT_MS);
    return late.flatMap((waiting) => this.giveUp(waiting, nowMs));
  }

  private giveUp(waiting: Waiting, nowMs: number): readonly Picture[] {
    this.frames.delete(waiting.frame.frameId);
    return nowMs - this.boxesAtMs < BOXES_RECENT_MS ? [] : this.show(waiting, [], nowMs);
  }

  private show(waiting: Waiting, faces: FacesTracked['faces'], nowMs: number): readonly Picture[] {
    const { frame, jpeg, arrival } = waiting;
    this.frames.delete(frame.frameId);
    this.boxes.delete(frame.frameId);
    if (arrival <= this.shown || !this.mayShow(nowMs)) return [];
    this.shown = arrival;
    for (const older of [...this.frames.values()]) {
      if (older.arrival < arrival) this.frames.delete(older.frame.frameId);
    }
    return [{ frame, jpeg, faces }];
  }

  private mayShow(nowMs: number): boolean {
    const gained = ((nowMs - this.allowanceAtMs) / 1000) * PICTURES_PER_S;
    this.allowance = Math.min(PICTURES_AT_ONCE, this.allowance + gained);
    this.allowanceAtMs = nowMs;
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }
}
