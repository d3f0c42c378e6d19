import type { BoxPx, LivePicture } from '@regulars/contracts';
import sharp from 'sharp';
import type { ApiClient } from './client.js';

/** Room around a picked face, as a multiple of its box: the detector wants to see the whole head. */
const CROP_SCALE = 2.2;

/** The part of a picture around a face, as the live page cuts it out when a face is picked. */
export async function cropAround(
  jpeg: Uint8Array,
  boxPx: BoxPx,
  widthPx: number,
  heightPx: number,
): Promise<Uint8Array> {
  const side = Math.max(boxPx.width, boxPx.height) * CROP_SCALE;
  const left = Math.max(0, Math.round(boxPx.x + boxPx.width / 2 - side / 2));
  const top = Math.max(0, Math.round(boxPx.y + boxPx.height / 2 - side / 2));
  const width = Math.min(widthPx - left, Math.round(side));
  const height = Math.min(heightPx - top, Math.round(side));
  return sharp(jpeg).extract({ left, top, width, height }).jpeg({ quality: 95 }).toBuffer();
}

export interface PickedFace {
  readonly cameraId: string;
  readonly photograph: Uint8Array;
}

/** Single faces from the live pictures of some cameras, as they come, until the signal is aborted. */
export async function* pickFaces(
  api: ApiClient,
  cameraIds: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<PickedFace> {
  let newest: { picture: LivePicture; jpeg: Uint8Array } | null = null;
  let wake: () => void = () => {};
  const socket = api.live(
    {
      onPicture: (picture, jpeg) => {
        if (picture.faces.length !== 1) return;
        newest = { picture, jpeg };
        wake();
      },
    },
    cameraIds,
  );
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const seen = newest as { picture: LivePicture; jpeg: Uint8Array } | null;
      newest = null;
      const face = seen?.picture.faces[0];
      if (seen === null || face === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const { widthPx, heightPx, cameraId } = seen.picture;
      yield { cameraId, photograph: await cropAround(seen.jpeg, face.boxPx, widthPx, heightPx) };
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.disconnect();
  }
}
