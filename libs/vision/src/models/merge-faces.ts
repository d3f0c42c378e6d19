import type { BoxPx } from '@regulars/contracts';
import type { DetectedFace, PointPx } from '../vision.js';

/** Joins detections of one face: the best takes those that overlap it, and their boxes and points are averaged
 *  with the scores as weights (BlazeFace's own rule, steadier from frame to frame than keeping the best alone).
 *  @param minOverlap intersection over union from which two are one face
 *  @returns best first, each with the score of its best detection */
export function mergeFaces(faces: readonly DetectedFace[], minOverlap: number): DetectedFace[] {
  let rest = [...faces].sort((one, other) => other.score - one.score);
  const merged: DetectedFace[] = [];
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const { boxPx } = best;
    const same = rest.filter((face) => face === best || overlapOf(boxPx, face.boxPx) >= minOverlap);
    rest = rest.filter((face) => !same.includes(face));
    merged.push(averageFace(same));
  }
  return merged;
}

/** Intersection over union of two boxes, 0 to 1. */
export function overlapOf(one: BoxPx, other: BoxPx): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

function averageFace(same: readonly DetectedFace[]): DetectedFace {
  const total = same.reduce((sum, face) => sum + face.score, 0);
  const mean = (valueOf: (face: DetectedFace) => number): number =>
    same.reduce((sum, face) => sum + face.score * valueOf(face), 0) / total;
  const [best] = same;
  return {
    boxPx: {
      x: mean(({ boxPx }) => boxPx.x),
      y: mean(({ boxPx }) => boxPx.y),
      width: mean(({ boxPx }) => boxPx.width),
      height: mean(({ boxPx }) => boxPx.height),
    },
    score: best?.score ?? 0,
    keypoints: (best?.keypoints ?? []).map((_, index): PointPx => ({
      x: mean((face) => face.keypoints[index]?.x ?? 0),
      y: mean((face) => face.keypoints[index]?.y ?? 0),
    })),
  };
}
