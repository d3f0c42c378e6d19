import type { BoxPx } from '@regulars/contracts';
import { decodeJpeg } from '../image/jpeg.js';
import { lumaThumbnail } from '../image/luma.js';
import type { ModelRunners } from '../models/runners.js';
import type { FrameAnalysis, RgbImage } from '../vision.js';
import { chooseTiles, noteFaces, type Attention } from './attention.js';
import { describeFaces, detectInTiles } from './faces.js';
import { CELL_PX, motionOfTiles, seeMotion, type Background } from './motion.js';
import { tileGrid } from './tiles.js';

/** What is remembered of one camera between frames: its newest picture, what it sees when nothing happens, and
 *  where was looked. */
export class CameraEye {
  private image: RgbImage | null = null;
  private background: Background | null = null;
  private attention: Attention | null = null;
  private frames = 0;

  /** @param name of the camera in this process, new when the process that remembered it was started anew, so that
   *  a handle never names another frame */
  constructor(
    private readonly name: string,
    private readonly models: ModelRunners,
  ) {}

  /** The newest picture, when it is the one that the handle names. */
  pictureOf(handle: string): RgbImage | null {
    return handle === this.handle ? this.image : null;
  }

  private get handle(): string {
    return `${this.name}#${this.frames}`;
  }

  /** @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE; the picture before it is gone then as well */
  async look(jpeg: Uint8Array, expectedPx: readonly BoxPx[]): Promise<FrameAnalysis> {
    const reuse = this.image?.data;
    this.image = null;
    const image = decodeJpeg(jpeg, reuse);
    const { widthPx, heightPx } = image;
    const seen = seeMotion(this.background, lumaThumbnail(image, CELL_PX));
    const motion = motionOfTiles(seen, tileGrid(widthPx, heightPx), expectedPx);
    const choice = chooseTiles(this.attention, { widthPx, heightPx, expectedPx, motion });
    const faces = await describeFaces(
      this.models,
      image,
      await detectInTiles(this.models, image, choice.tiles),
    );
    this.image = image;
    this.background = seen.background;
    this.attention = noteFaces(
      choice.attention,
      faces.map((face) => face.boxPx),
    );
    this.frames += 1;
    return { handle: this.handle, widthPx, heightPx, faces, tiles: choice.tiles.length };
  }
}
