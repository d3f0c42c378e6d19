import { join } from 'node:path';
import { playFilm } from '../../serve.js';
import type { ShopTruth } from '../../shop/truth.js';

/** A frame of every camera at one instant. */
export interface ShownFrames {
  readonly atMs: number;
  readonly pictures: readonly {
    readonly cameraId: string;
    readonly picture: { readonly jpeg: Uint8Array; readonly widthPx: number; readonly heightPx: number };
  }[];
}

/** Plays a scripted shop's films side by side. */
export class Projector {
  constructor(
    private readonly folder: string,
    private readonly truth: ShopTruth,
  ) {}

  /** Frame by frame, until the first film ends.
   *  @throws RegularsError CAMERA_UNREADABLE, FFMPEG_MISSING */
  async *frames(): AsyncGenerator<ShownFrames> {
    const { fps, widthPx, heightPx, cameras } = this.truth;
    const films = cameras.map(({ cameraId, film }) => ({
      cameraId,
      reel: playFilm({ path: join(this.folder, film), fps, maxWidthPx: Math.max(widthPx, heightPx) }),
    }));
    try {
      for (;;) {
        const next = await Promise.all(
          films.map(async ({ cameraId, reel }) => ({ cameraId, picture: (await reel.next()).value })),
        );
        const pictures = next.flatMap(({ cameraId, picture }) => (picture ? [{ cameraId, picture }] : []));
        const [first] = pictures;
        if (first === undefined || pictures.length < films.length) return;
        yield { atMs: first.picture.atMs, pictures };
      }
    } finally {
      for (const { reel } of films) await reel.return(undefined);
    }
  }
}
