import type { SquarePx } from '../image/resize.js';
import type { DetectedFace } from '../vision.js';
import { overlapArea } from './tiles.js';

/** A face as found in one tile, in pixels of the tile scaled to `sidePx`. */
export interface TileFaces {
  readonly tile: SquarePx;
  readonly sidePx: number;
  readonly faces: readonly DetectedFace[];
}

/** Two boxes are one face when they share this much of their union, or of the smaller of them. */
const SAME_FACE_IOU = 0.35;
const SAME_FACE_CONTAINED = 0.65;
/** A face that touches the border of its tile is likely cut; one from another tile is better. */
const CUT_PENALTY = 0.3;
const BORDER_PX = 3;

interface Candidate {
  readonly face: DetectedFace;
  readonly rank: number;
}

function toFrame({ tile, sidePx }: TileFaces, face: DetectedFace): DetectedFace {
  const scale = tile.sizePx / sidePx;
  const { x, y, width, height } = face.boxPx;
  return {
    boxPx: { x: tile.x + x * scale, y: tile.y + y * scale, width: width * scale, height: height * scale },
    score: face.score,
    keypoints: face.keypoints.map((p) => ({ x: tile.x + p.x * scale, y: tile.y + p.y * scale })),
  };
}

function isCut({ tile, sidePx }: TileFaces, face: DetectedFace, widthPx: number, heightPx: number): boolean {
  const { x, y, width, height } = face.boxPx;
  const last = sidePx - BORDER_PX;
  return (
    (x < BORDER_PX && tile.x > 0) ||
    (y < BORDER_PX && tile.y > 0) ||
    (x + width > last && tile.x + tile.sizePx < widthPx) ||
    (y + height > last && tile.y + tile.sizePx < heightPx)
  );
}

function isSameFace(a: DetectedFace, b: DetectedFace): boolean {
  const shared = overlapArea(a.boxPx, b.boxPx);
  const areaA = a.boxPx.width * a.boxPx.height;
  const areaB = b.boxPx.width * b.boxPx.height;
  return (
    shared > SAME_FACE_IOU * (areaA + areaB - shared) || shared > SAME_FACE_CONTAINED * Math.min(areaA, areaB)
  );
}

/** Faces of several tiles as faces of the picture, each once (non-maximum suppression), best first.
 *  Those whose centre lies outside of the picture are left out. */
export function mergeTileFaces(
  found: readonly TileFaces[],
  widthPx: number,
  heightPx: number,
): readonly DetectedFace[] {
  const candidates: Candidate[] = found.flatMap((tileFaces) =>
    tileFaces.faces.map((face) => ({
      face: toFrame(tileFaces, face),
      rank: face.score - (isCut(tileFaces, face, widthPx, heightPx) ? CUT_PENALTY : 0),
    })),
  );
  candidates.sort(
    (a, b) => b.rank - a.rank || a.face.boxPx.x - b.face.boxPx.x || a.face.boxPx.y - b.face.boxPx.y,
  );
  const kept: DetectedFace[] = [];
  for (const { face } of candidates) {
    const x = face.boxPx.x + face.boxPx.width / 2;
    const y = face.boxPx.y + face.boxPx.height / 2;
    if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) continue;
    if (!kept.some((other) => isSameFace(other, face))) kept.push(face);
  }
  return kept;
}
