import type { BoxPx } from '@regulars/contracts';
import { decodeJpeg } from '../image/jpeg.js';
import { lumaThumbnail } from '../image/luma.js';
import type { SquarePx } from '../image/resize.js';
import type { ModelRunners } from '../models/runners.js';
import type { DetectedFace, FrameAnalysis, RgbImage } from '../vision.js';
import { chooseTiles, noteFaces, type Attention } from './attention.js';
import { describeFaces, lookAtTiles, lookNear } from './faces.js';
import { CELL_PX, motionOfTiles, seeMotion, type Background } from './motion.js';
import { movingSquares } from './moving-squares.js';
import { chooseLooks, type Looks } from './near-look.js';
import { mergeTileFaces } from './tile-faces.js';
import { tileAround, tileGrid } from './tiles.js';

/** Work of a near look, in tiles. */
const NEAR_TILES = 1 / 4;

/** What is remembered of one camera between frames: its newest picture, what it sees when nothing happens, and
 *  where was looked. */
export class CameraEye {
  private image: RgbImage | null = null;
  private background: Background | null = null;
  private attention: Attention | null = null;
  private found: readonly BoxPx[] = [];
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
    const cells = lumaThumbnail(image, CELL_PX);
    const seen = seeMotion(this.background, cells);
    const grid = tileGrid(widthPx, heightPx);
    const motion = motionOfTiles(seen, grid, expectedPx);
    const looks = chooseLooks(expectedPx, this.found, grid, image);
    const moving = movingSquares(seen, expectedPx, image);
    const scene = { widthPx, heightPx, expectedPx: looks.wide, motion, moving, cells };
    const choice = chooseTiles(this.attention, scene);
    const { detected, tiles } = await this.detect(image, choice.tiles, looks.near);
    const faces = await describeFaces(this.models, image, detected);
    this.image = image;
    this.background = seen.background;
    this.found = faces.map((face) => face.boxPx);
    this.attention = noteFaces(choice.attention, this.found);
    this.frames += 1;
    return { handle: this.handle, widthPx, heightPx, faces, tiles };
  }

  /** Where a near look does not find its face, what is around is looked at in the same frame. */
  private async detect(
    image: RgbImage,
    tiles: readonly SquarePx[],
    near: Looks['near'],
  ): Promise<{ readonly detected: readonly DetectedFace[]; readonly tiles: number }> {
    const nearFaces = await lookNear(
      this.models,
      image,
      near.map(({ tile }) => tile),
    );
    const lost = near.filter((_, i) => nearFaces[i]?.faces.length === 0);
    const wide = [...tiles, ...lost.map(({ box }) => tileAround(box, image))];
    const found = [...(await lookAtTiles(this.models, image, wide)), ...nearFaces];
    return {
      detected: mergeTileFaces(found, image.widthPx, image.heightPx),
      tiles: wide.length + near.length * NEAR_TILES,
    };
  }
}
