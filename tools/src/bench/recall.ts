import { type BoxPx, SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { openVision } from '@regulars/vision';
import { openTracker, playFilm } from '../serve.js';

/** A face that full tiling finds counts from here: surely a face, and large enough to be looked at further. */
const SURE = 0.65;
const SMALLEST_PX = 24;
/** Two boxes are of one face from this share of their union. */
const SAME = 0.3;

export interface Recall {
  readonly frames: number;
  /** Faces that full tiling finds. */
  readonly faces: number;
  /** Of those, faces that are found where the system looks. */
  readonly found: number;
  readonly tilesPerFrame: number;
}

function overlap(a: BoxPx, b: BoxPx): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** Looks at a film twice: where the system would look, with its tracks, and at every tile of every frame.
 *  @param film path, read at `fps` pictures a second */
export async function recallOf(film: string, fps: number): Promise<Recall> {
  const { modelsDir } = environmentOfProcess();
  const open = () => openVision({ modelsDir, provider: 'cpu', threads: 0, telemetry: SILENT });
  const [attentive, thorough] = [await open(), await open()];
  const tracker = await openTracker();
  let [frames, faces, found, tiles] = [0, 0, 0, 0];
  try {
    for await (const { jpeg, atMs } of playFilm({ path: film, fps, maxWidthPx: 1280 })) {
      const seen = await attentive.analyseFrame('attentive', jpeg, tracker.expectedAt(atMs));
      tracker.advance(seen.faces, atMs);
      // A camera that was never seen before is looked at wholly.
      const all = await thorough.analyseFrame(`frame-${frames}`, jpeg, []);
      const sure = all.faces.filter(({ score, boxPx }) => score >= SURE && boxPx.width >= SMALLEST_PX);
      frames += 1;
      tiles += seen.tiles;
      faces += sure.length;
      found += sure.filter(({ boxPx }) =>
        seen.faces.some((face) => overlap(face.boxPx, boxPx) >= SAME),
      ).length;
    }
  } finally {
    await attentive.close();
    await thorough.close();
  }
  return { frames, faces, found, tilesPerFrame: tiles / Math.max(1, frames) };
}
