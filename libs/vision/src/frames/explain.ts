import { RegularsError, type BoxPx } from '@regulars/contracts';
import { massOf } from '../expression/meaning.js';
import { LOWER_FACE, saliencyOf, withCovered } from '../expression/saliency.js';
import { encodeJpeg } from '../image/jpeg.js';
import type { ModelRunners } from '../models/runners.js';
import type { ExplainedExpression, ExpressionExplanation, RgbImage } from '../vision.js';
import { cropFace } from './crop.js';
import { findFaces } from './photograph.js';

const CROP_QUALITY = 90;

const overlap = (a: BoxPx, b: BoxPx): number => {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
};

/** Scores one face of a picture and says what in it the score rests on, as it is and with the lower face covered.
 *  @param boxPx where the face is; the largest face when null
 *  @throws RegularsError FACE_NOT_FOUND when there is none, or none at that place */
export async function explainExpression(
  models: Pick<ModelRunners, 'detector' | 'landmarks' | 'expression'>,
  image: RgbImage,
  boxPx: BoxPx | null,
): Promise<ExpressionExplanation> {
  const faces = await findFaces(models, image);
  const chosen =
    boxPx === null
      ? faces[0]
      : [...faces]
          .filter((face) => overlap(face.boxPx, boxPx) > 0)
          .sort((a, b) => overlap(b.boxPx, boxPx) - overlap(a.boxPx, boxPx))[0];
  const crop = chosen && cropFace(image, chosen.landmarks);
  if (!chosen || !crop) throw new RegularsError('FACE_NOT_FOUND', { faces: faces.length });
  return {
    jpeg: encodeJpeg(crop, CROP_QUALITY),
    quality: chosen.quality,
    plain: await explained(models, crop),
    covered: await explained(models, withCovered(crop, LOWER_FACE)),
  };
}

/** The figure that is explained: the probability of the satisfied classes less that of the dissatisfied ones. */
async function explained(
  { expression }: Pick<ModelRunners, 'expression'>,
  crop: RgbImage,
): Promise<ExplainedExpression> {
  const figureOf = async (crops: readonly RgbImage[]) =>
    (await expression.score(crops)).map(
      (scores) => massOf(scores, 'satisfied') - massOf(scores, 'dissatisfied'),
    );
  const map = await saliencyOf(crop, figureOf);
  const [scores] = await expression.score([crop]);
  if (!scores) throw new RangeError('no score for a crop');
  return { scores, map };
}
