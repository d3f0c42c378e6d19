import type { FacesTracked, FrameCaptured, LivePicture, Telemetry } from '@regulars/contracts';
import type { Acquaintances } from '../live/acquaintances.js';
import { customersOf, visitorOf } from '../live/live-event.js';
import { type Picture, PictureJoin } from './picture-join.js';

/** How often frames without boxes are looked for, milliseconds. */
const TICK_MS = 100;
/** Cameras whose newest picture is kept. */
const MAX_CAMERAS = 256;

/** Where pictures go. */
export interface PictureAudience {
  isWatched(cameraId: string): boolean;
  show(picture: LivePicture, jpeg: Uint8Array): void;
}

export interface NewestPicture {
  readonly jpeg: Uint8Array;
  readonly capturedAt: string;
}

const NOBODY: PictureAudience = { isWatched: () => false, show: () => {} };

/** Keeps the newest picture of every camera and shows those of watched cameras with their boxes. For a camera
 *  that nobody watches nothing else is done. */
export class LivePictures {
  private readonly newest = new Map<string, NewestPicture>();
  private readonly joins = new Map<string, PictureJoin>();
  private audience: PictureAudience = NOBODY;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly acquaintances: Acquaintances,
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {}

  start(audience: PictureAudience): void {
    this.audience = audience;
    this.timer ??= setInterval(() => this.onTick(), TICK_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.audience = NOBODY;
    this.joins.clear();
  }

  /** @returns null when the camera has sent none since the start */
  newestOf(cameraId: string): NewestPicture | null {
    return this.newest.get(cameraId) ?? null;
  }

  /** A removed camera's picture is not kept. */
  forget(cameraId: string): void {
    this.newest.delete(cameraId);
    this.joins.delete(cameraId);
  }

  onFrame(frame: FrameCaptured, jpeg: Uint8Array): void {
    this.keepNewest(frame, jpeg);
    const join = this.joinOf(frame.cameraId);
    if (join !== null) this.showAll(join.onFrame(frame, jpeg, this.now()));
  }

  async onFaces(tracked: FacesTracked): Promise<void> {
    if (!this.audience.isWatched(tracked.cameraId)) return;
    await this.acquaintances.learn(tracked.faces.flatMap(({ identity }) => customersOf(identity)));
    const join = this.joinOf(tracked.cameraId);
    if (join !== null) this.showAll(join.onFaces(tracked, this.now()));
  }

  private keepNewest({ cameraId, capturedAt }: FrameCaptured, jpeg: Uint8Array): void {
    this.newest.delete(cameraId);
    this.newest.set(cameraId, { jpeg, capturedAt });
    const [longestSilent] = this.newest.keys();
    if (this.newest.size > MAX_CAMERAS && longestSilent !== undefined) this.newest.delete(longestSilent);
  }

  /** @returns null when nobody watches the camera */
  private joinOf(cameraId: string): PictureJoin | null {
    if (!this.audience.isWatched(cameraId)) {
      this.joins.delete(cameraId);
      return null;
    }
    const join = this.joins.get(cameraId) ?? new PictureJoin();
    this.joins.set(cameraId, join);
    return join;
  }

  private onTick(): void {
    for (const cameraId of [...this.joins.keys()]) {
      const join = this.joinOf(cameraId);
      if (join !== null) this.showAll(join.onTick(this.now()));
    }
  }

  private showAll(pictures: readonly Picture[]): void {
    for (const { frame, jpeg, faces } of pictures) {
      const { cameraId, storeId, frameId, capturedAt, widthPx, heightPx } = frame;
      const boxes = faces.map(({ sightingId, boxPx, identity }) => ({
        sightingId,
        boxPx,
        who: visitorOf(identity, this.acquaintances),
      }));
      this.audience.show({ cameraId, storeId, frameId, capturedAt, widthPx, heightPx, faces: boxes }, jpeg);
      const delayMs = this.now() - Date.parse(capturedAt);
      this.telemetry.meter.observe('regulars_live_delay_seconds', Math.max(0, delayMs) / 1000, {
        kind: 'picture',
      });
    }
  }
}
