import type { DetectedFace, PointPx, RgbImage } from '../vision.js';
import type { LoadedModel } from './loaded-model.js';
import {
  DETECTOR_MIN_SCORE,
  DETECTOR_TILE_PX,
  type DetectOptions,
  type FaceDetector,
  NEAR_TILE_PX,
} from './runners.js';
import { mergeFaces } from './merge-faces.js';

/** BlazeFace's grids: two anchors in each cell of 16 px, six in each cell of 32 px. */
const GRIDS = [
  { cellPx: 16, anchors: 2 },
  { cellPx: 32, anchors: 6 },
];

const ANCHORS = anchorsOf(DETECTOR_TILE_PX);
const NEAR_ANCHORS = anchorsOf(NEAR_TILE_PX);

/** Values per anchor: centre x and y, width, height, then x and y of six key points. */
const BOX_VALUES = 16;
const KEYPOINTS = 6;

/** Overlap from which two detections are one face. */
const SAME_FACE_OVERLAP = 0.3;

/** Centres of the cells, grid by grid and row by row. */
function anchorsOf(sidePx: number): readonly PointPx[] {
  return GRIDS.flatMap(({ cellPx, anchors }) => {
    const cells = sidePx / cellPx;
    return Array.from({ length: cells * cells * anchors }, (_, index) => {
      const cell = Math.floor(index / anchors);
      return { x: cellPx * ((cell % cells) + 0.5), y: cellPx * (Math.floor(cell / cells) + 0.5) };
    });
  });
}

/** MediaPipe's BlazeFace for the back camera. */
export class BlazeFaceDetector implements FaceDetector {
  /** @param near the same net for tiles of NEAR_TILE_PX */
  constructor(
    private readonly model: LoadedModel,
    private readonly near: LoadedModel,
  ) {}

  detect(
    tiles: readonly RgbImage[],
    { minScore = DETECTOR_MIN_SCORE }: DetectOptions = {},
  ): Promise<readonly (readonly DetectedFace[])[]> {
    return facesIn(this.model, tiles, ANCHORS, minScore);
  }

  detectNear(tiles: readonly RgbImage[]): Promise<readonly (readonly DetectedFace[])[]> {
    return facesIn(this.near, tiles, NEAR_ANCHORS, DETECTOR_MIN_SCORE);
  }
}

async function facesIn(
  model: LoadedModel,
  tiles: readonly RgbImage[],
  anchors: readonly PointPx[],
  minScore: number,
): Promise<readonly (readonly DetectedFace[])[]> {
  const outputs = await model.run(tiles);
  const scores = outputs.get('scores') ?? new Float32Array();
  const boxes = outputs.get('boxes') ?? new Float32Array();
  return tiles.map((_, tile) => {
    const from = tile * anchors.length;
    const to = from + anchors.length;
    const found = decodeFaces(
      scores.subarray(from, to),
      boxes.subarray(from * BOX_VALUES, to * BOX_VALUES),
      minScore,
      anchors,
    );
    return mergeFaces(found, SAME_FACE_OVERLAP);
  });
}

/** Offsets are in pixels of the tile from the centre of the anchor's cell.
 *  @param scores one per anchor
 *  @param boxes BOX_VALUES per anchor */
export function decodeFaces(
  scores: Float32Array,
  boxes: Float32Array,
  minScore: number,
  anchors: readonly PointPx[] = ANCHORS,
): DetectedFace[] {
  const faces: DetectedFace[] = [];
  scores.forEach((score, index) => {
    const anchor = anchors[index];
    if (anchor === undefined || !(score >= minScore)) return;
    const values = boxes.subarray(index * BOX_VALUES, (index + 1) * BOX_VALUES);
    const pointAt = (offset: number): PointPx => ({
      x: (values[offset] ?? 0) + anchor.x,
      y: (values[offset + 1] ?? 0) + anchor.y,
    });
    const [width, height] = [values[2] ?? 0, values[3] ?? 0];
    if (!(width > 0 && height > 0)) return;
    const centre = pointAt(0);
    faces.push({
      boxPx: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
      score,
      keypoints: Array.from({ length: KEYPOINTS }, (_, point) => pointAt(4 + 2 * point)),
    });
  });
  return faces;
}
