import { meanDirection } from '../models/embeddings.js';
import type { ModelRunners } from '../models/runners.js';
import type { FaceView, RgbImage } from '../vision.js';

/** Chips of a close look at one face, each mirrored as well. */
const CHIPS = 3;

/** Embeddings of faces from six chips each: aligned by five and by many of the landmarks and by the trees' five
 *  points, each with its mirror image, averaged. Six times the work of one chip; on LFW folds 1 and 2 it takes the
 *  share matched at one false match in 100,000 from .65 to .70 (scored, crossfitted).
 *  @returns one per face in order, unit length */
export async function embedClosely(
  { encoder, fivePoints }: Pick<ModelRunners, 'encoder' | 'fivePoints'>,
  image: RgbImage,
  faces: readonly Pick<FaceView, 'landmarks'>[],
): Promise<readonly Float32Array[]> {
  if (faces.length === 0) return [];
  const chips = faces.flatMap(({ landmarks }) =>
    encoder.chip.close(image, landmarks, fivePoints.locate(image, landmarks)),
  );
  const embeddings = await encoder.encode(chips, { mirrored: true });
  return faces.map((_, face) => meanDirection(embeddings.slice(face * CHIPS, (face + 1) * CHIPS)));
}
