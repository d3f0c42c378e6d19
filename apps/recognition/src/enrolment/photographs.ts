import { RegularsError } from '@regulars/contracts';
import { MOST_LANDMARK_ERROR, type FaceView } from '@regulars/vision';

/** A face of a photograph with its embedding. */
export type EmbeddedFace = FaceView & { readonly embedding: Float32Array };

/** A face less than half as wide as the main one is a passer-by, not a second subject. */
const SUBJECT_SHARE = 0.5;
/** A face that detector and landmarks are less sure of is none that could be meant. */
const SURE = 0.65;
/** Narrowest face that is enrolled, pixels: LFW accuracy .991 at 48 px, .979 at 32. */
const NARROWEST_PX = 48;
/** Sharpness below which a photograph is refused: half of LFW's pictures blurred by 3 px (faces of 106 px) lie
 *  below 38, 95 % of sharp ones of 48 px above 66. */
const BLURRED_BELOW = 45;
const MOST_YAW_DEGREES = 45;

/** The face that a photograph is meant to enrol.
 *  @throws RegularsError FACE_NOT_FOUND, FACE_NOT_SINGLE, FACE_TOO_SMALL, FACE_TURNED, FACE_BLURRED */
export function subjectOf(faces: readonly EmbeddedFace[]): EmbeddedFace {
  const sure = faces.filter(({ score }) => score >= SURE);
  const [main, ...others] = [...sure].sort((a, b) => b.boxPx.width - a.boxPx.width);
  if (main === undefined) throw new RegularsError('FACE_NOT_FOUND');
  const subjects = others.filter(({ boxPx }) => boxPx.width >= SUBJECT_SHARE * main.boxPx.width);
  if (subjects.length > 0) throw new RegularsError('FACE_NOT_SINGLE', { faces: subjects.length + 1 });
  const { faceWidthPx, yawDegrees, sharpness } = main.quality;
  if (faceWidthPx < NARROWEST_PX) {
    throw new RegularsError('FACE_TOO_SMALL', {
      faceWidthPx: Math.round(faceWidthPx),
      requiredPx: NARROWEST_PX,
    });
  }
  if (sharpness < BLURRED_BELOW) {
    throw new RegularsError('FACE_BLURRED', { sharpness: Math.round(sharpness), required: BLURRED_BELOW });
  }
  // The landmarks of a profile are far off: the eye that is not seen is taken for somewhere else.
  if (Math.abs(yawDegrees) > MOST_YAW_DEGREES || main.landmarkError > MOST_LANDMARK_ERROR) {
    throw new RegularsError('FACE_TURNED', { yawDegrees: Math.round(yawDegrees) });
  }
  return main;
}

/** Which of some photographs show the person whom most of them, together with what is enrolled already, show.
 *  @param distance of two embeddings
 *  @param different beyond this distance two pictures are of different people
 *  @returns for each whether it agrees; a tie among photographs agrees with nobody */
export function agreeing(
  photographs: readonly Float32Array[],
  enrolled: readonly Float32Array[],
  distance: (a: Float32Array, b: Float32Array) => number,
  different: number,
): readonly boolean[] {
  if (enrolled.length > 0) {
    // Most must vouch for it: by one alone a bank could be led to somebody else, step by step.
    const vouches = (one: Float32Array) =>
      enrolled.filter((other) => distance(one, other) <= different).length;
    return photographs.map((one) => vouches(one) * 2 >= enrolled.length);
  }
  const friends = photographs.map((one) => photographs.map((other) => distance(one, other) <= different));
  const sizes = friends.map((row) => row.filter(Boolean).length);
  const most = Math.max(0, ...sizes);
  const centre = sizes.indexOf(most);
  const isMajority = photographs.length === 1 || most * 2 > photographs.length;
  return photographs.map((_, i) => isMajority && (friends[centre]?.[i] ?? false));
}
