import { alignFace } from '../geometry/align.js';
import { cropSquare, type SquarePx } from '../image/resize.js';
import { DETECTOR_TILE_PX, NEAR_TILE_PX, type ModelRunners } from '../models/runners.js';
import type { DetectedFace, FaceView, RgbImage } from '../vision.js';
import { mergeTileFaces, type TileFaces } from './tile-faces.js';
import { confidenceOf, disagreement } from './agreement.js';
import { viewQuality } from './quality.js';

/** Faces in some tiles of a picture, each once. */
export async function detectInTiles(
  models: Pick<ModelRunners, 'detector'>,
  image: RgbImage,
  tiles: readonly SquarePx[],
): Promise<readonly DetectedFace[]> {
  return mergeTileFaces(await lookAtTiles(models, image, tiles), image.widthPx, image.heightPx);
}

/** What the detector finds in each of some tiles. */
export async function lookAtTiles(
  { detector }: Pick<ModelRunners, 'detector'>,
  image: RgbImage,
  tiles: readonly SquarePx[],
): Promise<readonly TileFaces[]> {
  if (tiles.length === 0) return [];
  const crops = tiles.map((tile) => cropSquare(image, tile, DETECTOR_TILE_PX));
  const found = await detector.detect(crops);
  return tiles.map((tile, i) => ({ tile, sidePx: DETECTOR_TILE_PX, faces: found[i] ?? [] }));
}

/** The same of small squares around one face each. */
export async function lookNear(
  { detector }: Pick<ModelRunners, 'detector'>,
  image: RgbImage,
  tiles: readonly SquarePx[],
): Promise<readonly TileFaces[]> {
  if (tiles.length === 0) return [];
  const crops = tiles.map((tile) => cropSquare(image, tile, NEAR_TILE_PX));
  const found = await detector.detectNear(crops);
  return tiles.map((tile, i) => ({ tile, sidePx: NEAR_TILE_PX, faces: found[i] ?? [] }));
}

/** The same faces with landmarks, quality, and confidence that takes the landmarks into account. */
export async function describeFaces(
  models: Pick<ModelRunners, 'landmarks'>,
  image: RgbImage,
  faces: readonly DetectedFace[],
): Promise<readonly FaceView[]> {
  if (faces.length === 0) return [];
  const located = await models.landmarks.locate(
    image,
    faces.map((face) => face.boxPx),
  );
  return faces.flatMap((face, i) => {
    const landmarks = located[i] ?? [];
    const quality = viewQuality(alignFace(image, landmarks), face.boxPx, landmarks);
    const landmarkError = disagreement(face, landmarks);
    return [{ ...face, score: confidenceOf(face, landmarkError), landmarks, landmarkError, quality }];
  });
}
