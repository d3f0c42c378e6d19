import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, RegularsError } from '@regulars/contracts';
import { FaceScoring } from './scoring.js';

/** Measured for the recognisers that come with Regulars. */
const SHIPPED = fileURLToPath(new URL('../../scoring/', import.meta.url));

/** What was measured of a recogniser: `NAME.scoring.json` beside the models, by `npm run train -- identity-shift`,
 *  or else what comes with Regulars.
 *  @param dimensions components of the recogniser's embeddings; not compared when absent
 *  @throws RegularsError MODEL_MISMATCH when the recogniser was not measured, MODEL_CORRUPT when the file cannot be
 *  read, is of another recogniser or of embeddings of another length */
export async function readScoring(
  modelsDir: string,
  recogniser: string,
  dimensions?: number,
): Promise<FaceScoring> {
  const file = `${recogniser}.scoring.json`;
  const text =
    (await readFile(join(modelsDir, file), 'utf8').catch(() => null)) ??
    (await readFile(join(SHIPPED, `${recogniser}.json`), 'utf8').catch(() => null));
  if (text === null) {
    throw new RegularsError('MODEL_MISMATCH', { model: recogniser, missing: 'measured thresholds', file });
  }
  try {
    const scoring = FaceScoring.parse(JSON.parse(text));
    if (scoring.model !== recogniser) throw new RangeError(`it is of ${scoring.model}`);
    const { length } = scoring.crowding.linear;
    if (dimensions !== undefined && length !== dimensions)
      throw new RangeError(`it is of ${length} components instead of ${dimensions}`);
    return scoring;
  } catch (error) {
    throw new RegularsError(
      'MODEL_CORRUPT',
      { model: recogniser, file, problem: messageOf(error) },
      { cause: error },
    );
  }
}
