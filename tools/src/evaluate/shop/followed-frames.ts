import { type Meter, SILENT } from '@regulars/contracts';

/** A frame that nobody followed after so long is given up: recognition is stuck. */
const STUCK_MS = 60_000;

interface Waiting {
  readonly done: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Waits until a frame that was sent has been followed or dropped. */
export class FollowedFrames {
  private readonly waiting = new Map<string, Waiting>();
  private drops = 0;

  /** Frames that were dropped instead of followed. */
  get dropped(): number {
    return this.drops;
  }

  /** To be called before the frame is sent.
   *  @throws Error when nothing happens with it within a minute */
  next(cameraId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`a frame of ${cameraId} is not followed`)), STUCK_MS);
      this.waiting.set(cameraId, { done: resolve, timer });
    });
  }

  /** Recognition's metrics: it notes the open sightings after each frame that it followed. */
  get meter(): Meter {
    return {
      ...SILENT.meter,
      set: (name, _, labels) => {
        if (name === 'regulars_sightings_open') this.followed(labels?.['camera'] ?? '');
      },
      count: (name, labels) => {
        if (name === 'regulars_frames_dropped_total') this.drop(labels?.['camera'] ?? '');
      },
    };
  }

  private followed(cameraId: string): void {
    const waiting = this.waiting.get(cameraId);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(cameraId);
    waiting.done();
  }

  private drop(cameraId: string): void {
    this.drops += 1;
    this.followed(cameraId);
  }
}
