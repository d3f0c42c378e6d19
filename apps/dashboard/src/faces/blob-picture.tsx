import { useEffect, useRef } from 'react';
import { draw } from './picture-blob.js';

interface BlobPictureProps {
  readonly blob: Blob;
  readonly label: string;
  readonly className?: string;
}

/** A picture held in memory, drawn on a canvas; blank when the browser cannot read it. */
export function BlobPicture({ blob, label, className }: BlobPictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isShown = true;
    void createImageBitmap(blob)
      .catch(() => null)
      .then((bitmap) => {
        const canvas = ref.current;
        if (bitmap !== null && canvas !== null && isShown) {
          canvas.width = bitmap.width;
          canvas.height = bitmap.height;
          draw(canvas, bitmap, { x: 0, y: 0, width: bitmap.width, height: bitmap.height });
        }
        bitmap?.close();
      });
    return () => {
      isShown = false;
    };
  }, [blob]);
  return <canvas ref={ref} className={className} role="img" aria-label={label} />;
}
