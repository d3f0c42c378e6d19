import type { ExplainedScore } from '@regulars/contracts';
import { useEffect, useRef } from 'react';
import { heatPixels } from './heat.js';

interface HeatPictureProps {
  /** JPEG as base64. */
  readonly crop: string;
  readonly map: ExplainedScore['map'];
  readonly scale: number;
  readonly label: string;
}

/** A face with the map of its score laid over it. */
export function HeatPicture({ crop, map, scale, label }: HeatPictureProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isShown = true;
    void drawHeat(ref.current, { crop, map, scale }, () => isShown);
    return () => {
      isShown = false;
    };
  }, [crop, map, scale]);
  return <canvas ref={ref} className="heat__picture" role="img" aria-label={label} />;
}

async function drawHeat(
  canvas: HTMLCanvasElement | null,
  { crop, map, scale }: Pick<HeatPictureProps, 'crop' | 'map' | 'scale'>,
  isShown: () => boolean,
): Promise<void> {
  const bytes = Uint8Array.from(atob(crop), (letter) => letter.charCodeAt(0));
  const face = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })).catch(() => null);
  const heat = await createImageBitmap(new ImageData(heatPixels(map.values, scale), map.columns, map.rows));
  const context = canvas?.getContext('2d');
  if (face !== null && canvas && context && isShown()) {
    canvas.width = face.width;
    canvas.height = face.height;
    context.drawImage(face, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(heat, 0, 0, face.width, face.height);
  }
  face?.close();
  heat.close();
}
