import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, RegularsError } from '@regulars/contracts';
import { FIVE_OF_68 } from '../geometry/align.js';
import type { PointPx, RgbImage } from '../vision.js';
import { readModelFile } from './manifest-file.js';
import type { ModelManifest } from './manifest.js';
import { decodeTrees, type RegressionTrees } from './regression-trees.js';
import type { FivePointLocator } from './runners.js';
import { boxForPoints, locateWithTrees } from './tree-landmarks.js';

/** dlib's five points by regression trees, looked for where the landmark net saw the face. */
export class TreeFivePoints implements FivePointLocator {
  constructor(private readonly trees: RegressionTrees) {}

  locate(image: RgbImage, landmarks: readonly PointPx[]): readonly PointPx[] {
    const rough = FIVE_OF_68.map((index) => {
      const point = landmarks[index];
      if (point === undefined) throw new RangeError(`expected 68 landmarks, got ${landmarks.length}`);
      return point;
    });
    return locateWithTrees(this.trees, image, boxForPoints(this.trees, rough));
  }
}

/** @throws RegularsError MODEL_MISSING when the models were built without the trees, MODEL_CORRUPT when their file
 *  is cut short or another than the manifest names */
export async function openFivePoints(manifest: ModelManifest, modelsDir: string): Promise<FivePointLocator> {
  const { trees } = manifest;
  if (trees === undefined) throw new RegularsError('MODEL_MISSING', { model: 'dlib-five-points' });
  const bytes = await readModelFile(join(modelsDir, trees.file), trees.name);
  const actualSha256 = createHash('sha256').update(bytes).digest('hex');
  const fields = { model: trees.name, file: trees.file, bytes: bytes.length };
  if (actualSha256 !== trees.sha256) {
    throw new RegularsError('MODEL_CORRUPT', { ...fields, expectedSha256: trees.sha256, actualSha256 });
  }
  try {
    return new TreeFivePoints(decodeTrees(bytes));
  } catch (error) {
    throw new RegularsError('MODEL_CORRUPT', { ...fields, problem: messageOf(error) }, { cause: error });
  }
}
