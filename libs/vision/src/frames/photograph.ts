import { resample } from '../image/resize.js';
import type { ModelRunners } from '../models/runners.js';
import type { DetectedFace, FaceView, RgbImage } from '../vision.js';
import { embedClosely } from './close-look.js';
import { describeFaces, detectInTiles } from './faces.js';
import { tileGrid, wholeFrame } from './tiles.js';

/** Faces are looked for at this size: a photograph's subject is larger than a passer-by of a camera, and tiles of
 *  400 px see faces from 20 px, a sixtieth of the longer side. */
const SEARCH_PX = 1_280;
/** Between the whole picture and the finest tiles. */
const MIDDLE_PX = 640;

function smaller(image: RgbImage, longestPx: number): { picture: RgbImage; scale: number } {
  const longest = Math.max(image.widthPx, image.heightPx);
  if (longest <= longestPx) return { picture: image, scale: 1 };
  const scale = longest / longestPx;
  const widthPx = Math.max(1, Math.round(image.widthPx / scale));
  const heightPx = Math.max(1, Math.round(image.heightPx / scale));
  const region = { x: 0, y: 0, width: image.widthPx, height: image.heightPx };
  return { picture: resample(image, region, widthPx, heightPx), scale };
}

function enlarged(face: DetectedFace, scale: number): DetectedFace {
  const { x, y, width, height } = face.boxPx;
  return {
    boxPx: { x: x * scale, y: y * scale, width: width * scale, height: height * scale },
    score: face.score,
    keypoints: face.keypoints.map((p) => ({ x: p.x * scale, y: p.y * scale })),
  };
}

/** Tiles of three sizes, so that faces of every size are seen in one that suits them. */
function tilesOf({ widthPx, heightPx }: RgbImage) {
  const whole = wholeFrame(widthPx, heightPx);
  const half = tileGrid((widthPx * 400) / MIDDLE_PX, (heightPx * 400) / MIDDLE_PX).map(({ x, y }) => ({
    x: (x * MIDDLE_PX) / 400,
    y: (y * MIDDLE_PX) / 400,
    sizePx: MIDDLE_PX,
  }));
  return [whole, ...half, ...tileGrid(widthPx, heightPx)];
}

/** Every face of a photograph, largest first. */
export async function findFaces(
  models: Pick<ModelRunners, 'detector' | 'landmarks'>,
  image: RgbImage,
): Promise<readonly FaceView[]> {
  const { picture, scale } = smaller(image, SEARCH_PX);
  const found = await detectInTiles(models, picture, tilesOf(picture));
  const faces = await describeFaces(
    models,
    image,
    found.map((face) => enlarged(face, scale)),
  );
  return [...faces].sort((a, b) => b.boxPx.width - a.boxPx.width);
}

/** Every face of a photograph, largest first, with its embedding by a close look: an enrolment is rare and its
 *  template is compared with for years. */
export async function analysePhotograph(
  models: ModelRunners,
  image: RgbImage,
  look: 'quick' | 'close' = 'close',
): Promise<readonly (FaceView & { readonly embedding: Float32Array })[]> {
  const faces = await findFaces(models, image);
  const embeddings = await embed(models, image, faces, look);
  return faces.flatMap((face, i) => (embeddings[i] ? [{ ...face, embedding: embeddings[i] }] : []));
}

async function embed(
  models: ModelRunners,
  image: RgbImage,
  faces: readonly FaceView[],
  look: 'quick' | 'close',
): Promise<readonly Float32Array[]> {
  if (look === 'close') return embedClosely(models, image, faces);
  return faces.length === 0
    ? []
    : models.encoder.encode(faces.map((face) => models.encoder.chip.quick(image, face.landmarks)));
}
