import { FrameCaptured, type Meter, type NewCamera } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import type { Picture } from './jpeg-stream.js';

interface Waiting {
  readonly picture: Picture;
  readonly sequence: number;
  readonly capturedAt: number;
}

/** Between decoder and broker: one picture waits at most, a newer one replaces it and the older is counted as
 *  dropped. One slot serves one stream of one camera. */
export class FrameSlot {
  private waiting: Waiting | null = null;
  private sequence = 0;

  /** @param openedAt when the stream was opened, milliseconds since 1970 */
  constructor(
    private readonly camera: NewCamera,
    private readonly openedAt: number,
    private readonly publisher: Pick<Publisher, 'publishNewest'>,
    private readonly meter: Meter,
  ) {}

  /** @param pictures of one read, oldest first
   *  @param capturedAt milliseconds since 1970 */
  put(pictures: readonly Picture[], capturedAt: number): void {
    const labels = { camera: this.camera.cameraId };
    this.meter.count('regulars_frames_captured_total', labels, pictures.length);
    const newest = pictures.at(-1);
    if (newest === undefined) return;
    const dropped = pictures.length - 1 + (this.waiting ? 1 : 0);
    if (dropped > 0) {
      this.meter.count('regulars_frames_dropped_total', { ...labels, where: 'capture' }, dropped);
    }
    this.sequence += pictures.length;
    if (this.waiting === null) setImmediate(() => this.send());
    this.waiting = { picture: newest, sequence: this.sequence - 1, capturedAt };
  }

  private send(): void {
    if (this.waiting === null) return;
    const { picture, sequence, capturedAt } = this.waiting;
    this.waiting = null;
    const { cameraId, storeId, mode } = this.camera;
    const frame: FrameCaptured = {
      cameraId,
      storeId,
      frameId: `${cameraId}-${this.openedAt.toString(36)}-${sequence}`,
      sequence,
      capturedAt: new Date(capturedAt).toISOString(),
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      mode,
    };
    this.publisher.publishNewest(FrameCaptured, frame, picture.jpeg);
  }
}
