import { MOST_LANDMARK_ERROR, type DetectedFace, type PointPx } from '../vision.js';

/** Landmarks at which the detector's points stand: the right eye, the left eye, tip of the nose, mouth. */
const KEYPOINTS: readonly (readonly number[])[] = [
  [36, 37, 38, 39, 40, 41],
  [42, 43, 44, 45, 46, 47],
  [30],
  [48, 51, 54, 57],
];

/** How far apart two networks see the same features of a face: the detector's points and the landmarks.
 *  @returns largest of the distances in widths of the face; below .1 for 99 % of the faces of LFW, .13 to .4 for a
 *  face printed on a shirt, hands, and what is no face */
export function disagreement({ boxPx, keypoints }: DetectedFace, landmarks: readonly PointPx[]): number {
  const distances = KEYPOINTS.map((indexes, i) => {
    const points = indexes.map((index) => landmarks[index] ?? { x: Infinity, y: Infinity });
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    const keypoint = keypoints[i] ?? { x: Infinity, y: Infinity };
    return Math.hypot(x - keypoint.x, y - keypoint.y);
  });
  return Math.max(...distances) / boxPx.width;
}

/** Of what the detector is less sure than this, landmarks that contradict it make a face of a shirt or of hands,
 *  seen with .5 to .75; of a face in a poor picture it is surer. */
const SURE_ALONE = 0.78;
/** Enough to follow somebody who turns away, too little to begin a track or to enrol. */
const DOUBTFUL_SCORE = 0.5;

/** The detector's confidence, lowered where the landmarks contradict a detector that is not sure itself.
 *  @param landmarkError as disagreement gives it */
export function confidenceOf({ score }: DetectedFace, landmarkError: number): number {
  return landmarkError > MOST_LANDMARK_ERROR && score < SURE_ALONE ? Math.min(score, DOUBTFUL_SCORE) : score;
}
