import type { LivePicture } from '@regulars/contracts';
import { type RefObject, useEffect, useState } from 'react';
import type { ReceivedPicture } from '../live/picture-feed.js';
import { useShop } from '../shop/use-shop.js';

/** Draws a camera's live pictures on a canvas, at their own size.
 *  @returns the picture that the canvas shows now; null before the first. While one is being decoded only the
 *  newest of those that come is kept, and a picture that cannot be decoded is passed over. */
export function useLivePicture(
  cameraId: string,
  canvas: RefObject<HTMLCanvasElement | null>,
): LivePicture | null {
  const { feed } = useShop();
  const [shown, setShown] = useState<LivePicture | null>(null);
  useEffect(() => {
    let isListening = true;
    let isDrawing = false;
    let waiting: ReceivedPicture | null = null;
    const show = async (received: ReceivedPicture) => {
      isDrawing = true;
      for (let next: ReceivedPicture | null = received; next !== null && isListening;) {
        waiting = null;
        const bitmap = await createImageBitmap(next.jpeg).catch(() => null);
        if (bitmap !== null && canvas.current !== null && isListening) {
          paint(canvas.current, bitmap);
          setShown(next.picture);
        }
        bitmap?.close();
        next = waiting;
      }
      isDrawing = false;
    };
    const stop = feed.subscribe(cameraId, (received) => {
      if (isDrawing) waiting = received;
      else void show(received);
    });
    return () => {
      isListening = false;
      stop();
    };
  }, [feed, cameraId, canvas]);
  return shown;
}

function paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
